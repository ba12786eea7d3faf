using StorageLab.Model.Maps;

namespace StorageLab.Reports.BlockMaps;

/// <summary>Adjacent cells of a block map that hold the same.</summary>
/// <param name="Start">First cell.</param>
/// <param name="Count">Cells, at least 1.</param>
/// <param name="Use">What they hold.</param>
/// <param name="Owner">Whose it is, or was last; index of a name.</param>
internal readonly record struct MapPiece(long Start, long Count, BlockUse Use, int Owner)
{
    public long End => Start + Count;
}
