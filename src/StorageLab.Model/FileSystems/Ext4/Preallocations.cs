using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Ext4;

/// <summary>Blocks taken ahead of need and known only in memory: pieces from which all small files are filled one behind the other,
/// and for files held open the rest of what was allocated around their last write.</summary>
/// <remarks>Source: fs/ext4/mballoc.c at 6.1 (locality groups, inode preallocation). There is one locality group per CPU; here one in all.</remarks>
internal sealed class Preallocations(Ext4Geometry geometry, BlockGroups groups)
{
    /// <summary>Piece that is set aside for small files.</summary>
    [ModelConstant(ModelPart.Ext4, "blocks", "Linux fs/ext4/mballoc.h: MB_DEFAULT_GROUP_PREALLOC")]
    private const int PieceBlockCount = 512;

    /// <summary>Pieces a locality group keeps.</summary>
    [ModelConstant(ModelPart.Ext4, "pieces", "Linux fs/ext4/mballoc.c: ext4_mb_add_n_trim")]
    private const int PieceCountMax = 8;

    private readonly object _owner = new();
    private readonly List<Piece> _pieces = [];
    private readonly Dictionary<int, FileExtents> _ofInodes = [];

    /// <summary>Size of a new piece, in blocks: whole stripes.</summary>
    public int NewPieceBlockCount { get; } = geometry.StripeBlockCount > 1
        ? (PieceBlockCount + geometry.StripeBlockCount - 1) / geometry.StripeBlockCount * geometry.StripeBlockCount
        : PieceBlockCount;

    /// <summary>Takes blocks for a small file from the piece nearest to its goal (ext4_mb_check_group_pa).</summary>
    public bool TryTakeFromPiece(long goal, int blockCount, out long block)
    {
        int nearest = -1;
        for (var index = 0; index < _pieces.Count; index++)
        {
            if (_pieces[index].BlockCount >= blockCount
                && (nearest < 0 || Math.Abs(goal - _pieces[index].Start) < Math.Abs(goal - _pieces[nearest].Start)))
                nearest = index;
        }

        block = nearest < 0 ? 0 : _pieces[nearest].Start;
        if (nearest < 0)
            return false;
        Piece left = new(block + blockCount, _pieces[nearest].BlockCount - blockCount);
        if (left.BlockCount > 0)
            _pieces[nearest] = left;
        else
            _pieces.RemoveAt(nearest);
        return true;
    }

    /// <summary>Keeps a taken run for small files; beyond the limit the piece with the least left is given up.</summary>
    public void AddPiece(long block, int blockCount)
    {
        _pieces.Add(new Piece(block, blockCount));
        if (_pieces.Count <= PieceCountMax)
            return;
        var smallest = 0;
        for (var index = 1; index < _pieces.Count; index++)
        {
            if (_pieces[index].BlockCount < _pieces[smallest].BlockCount)
                smallest = index;
        }

        groups.GiveBack(_pieces[smallest].Start, _pieces[smallest].BlockCount);
        _pieces.RemoveAt(smallest);
    }

    /// <summary>Takes blocks that were set aside for this part of the file.</summary>
    public bool TryTakeFromInode(int inode, long fileBlock, int blockCount, out Extent taken)
    {
        taken = default;
        if (!_ofInodes.TryGetValue(inode, out FileExtents ahead) || !ahead.TryFind(fileBlock, out Extent extent))
            return false;
        taken = extent.Slice(fileBlock, fileBlock + blockCount);
        ahead.Remove(taken.FileBlock, taken.FileEnd, _owner);
        _ofInodes[inode] = ahead;
        return true;
    }

    /// <summary>Sets a taken run aside for a part of a file.</summary>
    public void AddToInode(int inode, in Extent ahead)
    {
        _ofInodes.TryGetValue(inode, out FileExtents all);
        all.Insert(ahead, _owner, Ext4Geometry.BlocksPerGroup);
        _ofInodes[inode] = all;
    }

    /// <summary>The blocks set aside for a file that lie around a file block: nothing new may be set aside beyond these bounds.</summary>
    public void Bound(int inode, long fileBlock, ref long start, ref long end)
    {
        if (!_ofInodes.TryGetValue(inode, out FileExtents ahead))
            return;
        if (ahead.TryFindBefore(fileBlock, out Extent before))
            start = Math.Max(start, before.FileEnd);
        if (ahead.TryFindAtOrAfter(fileBlock, out Extent after))
            end = Math.Min(end, after.FileBlock);
    }

    /// <summary>ext4_discard_preallocations: the file was closed, truncated, punched or removed.</summary>
    public void Discard(int inode)
    {
        if (!_ofInodes.Remove(inode, out FileExtents ahead))
            return;
        for (long next = 0; ahead.TryFindAtOrAfter(next, out Extent extent); next = extent.FileEnd)
            GiveBack(groups, extent);
    }

    public void DiscardAll() => GiveAllBack(groups, forget: true);

    /// <summary>Clears in another copy of the bitmaps what only this mount knows to be taken.</summary>
    public void ClearIn(BlockGroups copy) => GiveAllBack(copy, forget: false);

    /// <summary>Blocks set aside, in blocks. For invariant checks.</summary>
    public long CountBlocks()
    {
        long count = 0;
        foreach (Piece piece in _pieces)
            count += piece.BlockCount;
        foreach (FileExtents ahead in _ofInodes.Values)
        {
            for (long next = 0; ahead.TryFindAtOrAfter(next, out Extent extent); next = extent.FileEnd)
                count += extent.BlockCount;
        }

        return count;
    }

    private void GiveAllBack(BlockGroups target, bool forget)
    {
        foreach (Piece piece in _pieces)
            target.GiveBack(piece.Start, piece.BlockCount);
        foreach (FileExtents ahead in _ofInodes.Values)
        {
            for (long next = 0; ahead.TryFindAtOrAfter(next, out Extent extent); next = extent.FileEnd)
                GiveBack(target, extent);
        }

        if (!forget)
            return;
        _pieces.Clear();
        _ofInodes.Clear();
    }

    private static void GiveBack(BlockGroups target, in Extent extent)
    {
        for (long block = extent.DiskBlock; block < extent.DiskBlock + extent.BlockCount;)
        {
            long groupEnd = (Ext4Geometry.GroupOf(block) + 1L) * Ext4Geometry.BlocksPerGroup;
            var count = (int)Math.Min(groupEnd - block, extent.DiskBlock + extent.BlockCount - block);
            target.GiveBack(block, count);
            block += count;
        }
    }

    private readonly record struct Piece(long Start, int BlockCount);
}
