using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Ext4;

/// <summary>Groups whose bitmaps this mount has in memory, in the order they came there, which is the order large allocations try them in.</summary>
/// <remarks>
/// After a mount a thread reads the bitmaps of groups in use, a batch at a time, each batch from its last group down (fs/ext4/super.c,
/// ext4_run_li_request; fs/ext4/mballoc.c, ext4_mb_prefetch_fini): on a 10 GiB device the first large file goes to the last group, as seen with filefrag
/// under 6.1. Moves between lists when a group's largest free piece changes its order are not modelled.
/// </remarks>
internal sealed class LoadedGroups
{
    /// <summary>Groups whose bitmaps are read ahead together: eight flex groups.</summary>
    [ModelConstant(ModelPart.Ext4, "groups", "Linux fs/ext4/mballoc.c: s_mb_prefetch")]
    private const int BatchGroupCount = 8 * Ext4Geometry.GroupsPerFlex;

    private readonly List<int> _order = [];
    private readonly bool[] _isLoaded;

    public LoadedGroups(Ext4Geometry geometry, BlockGroups groups)
    {
        _isLoaded = new bool[geometry.GroupCount];
        for (var first = 0; first < geometry.GroupCount; first += BatchGroupCount)
        {
            for (int group = Math.Min(first + BatchGroupCount, geometry.GroupCount) - 1; group >= first; group--)
            {
                bool isUntouched = groups.FreeCountOf(group) + geometry.BackupBlockCountOf(group) == geometry.BlockCountOf(group);
                if (!isUntouched || group == geometry.GroupCount - 1)
                    Add(group);
            }
        }
    }

    public int Count => _order.Count;

    public int this[int index] => _order[index];

    public void Add(int group)
    {
        if (_isLoaded[group])
            return;
        _isLoaded[group] = true;
        _order.Add(group);
    }
}
