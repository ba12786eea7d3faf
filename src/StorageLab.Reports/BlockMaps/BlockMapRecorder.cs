using StorageLab.Model.Maps;

namespace StorageLab.Reports.BlockMaps;

/// <summary>Gathers one variant's block maps, of each only what changed.</summary>
internal sealed class BlockMapRecorder(int plannedStepCount)
{
    /// <summary>Maps kept of a run: as many as somebody steps through. A longer run keeps every second, every third, ….</summary>
    private const int MapCountMax = 120;

    private readonly List<MapFrame> _frames = [];
    private int _stride = (plannedStepCount / MapCountMax) + 1;
    private List<MapPiece> _last = [];
    private DiskMap? _map;

    /// <summary>Whether the map after a step is kept, so that it is worth being read.</summary>
    public bool Wants(int step) => step % _stride == 0 || step == plannedStepCount;

    public void Add(int step, DiskMap map)
    {
        List<MapPiece> pieces = MapCells.Of(map);
        List<long> changes = [];
        long at = 0;
        foreach (MapPiece piece in MapCells.Changes(_last, pieces))
        {
            changes.AddRange([piece.Start - at, piece.Count, (long)piece.Use, piece.Owner]);
            at = piece.End;
        }

        _frames.Add(new MapFrame(step, changes));
        _last = pieces;
        _map = map;
        // How long a script is, is known when it has ended.
        if (_frames.Count % MapCountMax == 0)
            _stride *= 2;
    }

    /// <summary>Null when no map was added.</summary>
    public BlockMap? ToBlockMap(string variant) => _map is null
        ? null
        : new BlockMap { Variant = variant, Title = _map.Title, TotalBytes = _map.TotalBytes, CellBytes = _map.CellBytes, Owners = _map.Owners, Frames = _frames };
}
