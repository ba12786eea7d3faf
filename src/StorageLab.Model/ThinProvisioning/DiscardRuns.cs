namespace StorageLab.Model.ThinProvisioning;

/// <summary>
/// Collects data blocks that a discard freed into runs that are adjacent both in the thin device and in the pool, as break_up_discard_bio
/// (dm-thin.c) finds them.
/// </summary>
internal sealed class DiscardRuns
{
    private readonly List<(int First, int Count)> _runs = [];
    private long _nextVirtual;

    public int Count => _runs.Count;

    public (int First, int Count) this[int index] => _runs[index];

    public void Clear() => _runs.Clear();

    public void Add(uint virtualBlock, int dataBlock)
    {
        if (_runs.Count > 0)
        {
            (int first, int count) = _runs[^1];
            if (virtualBlock == _nextVirtual && dataBlock == first + count)
            {
                _runs[^1] = (first, count + 1);
                _nextVirtual++;
                return;
            }
        }

        _runs.Add((dataBlock, 1));
        _nextVirtual = (long)virtualBlock + 1;
    }
}
