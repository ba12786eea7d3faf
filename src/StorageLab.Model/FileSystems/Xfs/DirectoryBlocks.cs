using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Xfs;

/// <summary>How a directory that does not fit into its inode fills its 4 KiB blocks: data blocks with names, then a hash index beside them.</summary>
/// <remarks>Sizes from fs/xfs/libxfs/xfs_da_format.h for version 5 metadata. Holes inside a data block are not tracked one by one: the longest
/// known one counts.</remarks>
internal sealed class DirectoryBlocks
{
    /// <summary>Header of a directory's data block.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_da_format.h: xfs_dir3_data_hdr")]
    private const int DataHeaderBytes = 64;

    /// <summary>Entries "." and ".." of the first block.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_da_format.h: xfs_dir2_data_entry, two of 16")]
    private const int DotEntriesBytes = 32;

    /// <summary>An entry of a directory's index: hash and address.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_da_format.h: xfs_dir2_leaf_entry")]
    private const int LeafEntryBytes = 8;

    /// <summary>Tail of a directory of one block.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_da_format.h: xfs_dir2_block_tail")]
    private const int BlockTailBytes = 8;

    /// <summary>Header of an index block, which a single one shares with a table of two bytes per data block and a tail of four.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_da_format.h: xfs_dir3_leaf_hdr")]
    private const int LeafHeaderBytes = 64;

    /// <summary>Entries in an index block of a large directory.</summary>
    [ModelConstant(ModelPart.Xfs, "entries", "Linux fs/xfs/libxfs/xfs_da_format.h: (4,096 - 64) / 8")]
    private const int LeafEntryCountMax = (XfsGeometry.BlockBytes - LeafHeaderBytes) / LeafEntryBytes;

    /// <summary>How full index blocks are.</summary>
    [ModelConstant(ModelPart.Xfs, "percent",
        "assumption: blocks split in halves as hashes arrive in no order, so they are ln 2 full on average")]
    private const int LeafFillPercent = 69;

    private readonly List<Block> _blocks;

    public DirectoryBlocks(object owner)
    {
        Owner = owner;
        _blocks = [];
    }

    private DirectoryBlocks(DirectoryBlocks original, object owner)
    {
        Owner = owner;
        _blocks = [.. original._blocks];
        EntryCount = original.EntryCount;
        IndexBlockCount = original.IndexBlockCount;
    }

    public object Owner { get; }

    /// <summary>Names without "." and "..".</summary>
    public int EntryCount { get; private set; }

    /// <summary>Data blocks, those freed again in the middle included.</summary>
    public int DataBlockCount => _blocks.Count;

    /// <summary>Leaf, node and free-index blocks; 0 while everything is in one block.</summary>
    public int IndexBlockCount { get; set; }

    /// <summary>Bytes that names and index take in a directory of one block.</summary>
    public int UsedBytes => XfsGeometry.BlockBytes - _blocks[0].FreeBytes + LeafEntryBytes * (EntryCount + 2) + BlockTailBytes;

    public DirectoryBlocks CopyFor(object owner) => new(this, owner);

    /// <summary>Bytes of an entry in a data block: inode number, length, name, type and tag, in steps of 8 (xfs_dir2_data_entsize).</summary>
    public static int EntryBytes(int nameLengthBytes) => (8 + 1 + nameLengthBytes + 1 + 2 + 7) / 8 * 8;

    /// <summary>Bytes of an entry within the inode (xfs_dir2_sf_entsize) with a four-byte inode number.</summary>
    public static int ShortEntryBytes(int nameLengthBytes) => 1 + 2 + nameLengthBytes + 1 + 4;

    /// <summary>Finds a data block for an entry; -1 when all are full.</summary>
    public int FindRoom(int entryBytes)
    {
        if (IndexBlockCount == 0)
            return _blocks.Count == 1 && FitsOneBlock(entryBytes) ? 0 : -1;
        for (var i = 0; i < _blocks.Count; i++)
        {
            if (_blocks[i].IsPresent && _blocks[i].LongestFreeBytes >= entryBytes)
                return i;
        }

        return -1;
    }

    /// <summary>Index of the data block to add next: the first that was freed, or one more.</summary>
    public int NextDataBlock()
    {
        int freed = _blocks.FindIndex(block => !block.IsPresent);
        return freed >= 0 ? freed : _blocks.Count;
    }

    public void AddDataBlock(int index)
    {
        int free = XfsGeometry.BlockBytes - DataHeaderBytes - (index == 0 ? DotEntriesBytes : 0);
        Block block = new(true, 0, free, free);
        if (index == _blocks.Count)
            _blocks.Add(block);
        else
            _blocks[index] = block;
    }

    public void AddEntry(int index, int entryBytes)
    {
        Block block = _blocks[index];
        _blocks[index] = block with
        {
            EntryCount = block.EntryCount + 1,
            FreeBytes = block.FreeBytes - entryBytes,
            LongestFreeBytes = Math.Min(block.LongestFreeBytes - entryBytes, block.FreeBytes - entryBytes),
        };
        EntryCount++;
    }

    /// <returns>Whether the data block is empty now and can be freed; the first one never is.</returns>
    public bool RemoveEntry(int index, int entryBytes)
    {
        Block block = _blocks[index];
        EntryCount--;
        int free = block.FreeBytes + entryBytes;
        bool isEmpty = block.EntryCount == 1;
        _blocks[index] = block with
        {
            EntryCount = block.EntryCount - 1,
            FreeBytes = free,
            LongestFreeBytes = isEmpty ? free : Math.Min(free, Math.Max(block.LongestFreeBytes, entryBytes)),
        };
        return isEmpty && index > 0;
    }

    public void DropDataBlock(int index)
    {
        _blocks[index] = default;
        while (_blocks.Count > 0 && !_blocks[^1].IsPresent)
            _blocks.RemoveAt(_blocks.Count - 1);
    }

    /// <summary>Whether one block could hold all names and their index.</summary>
    public bool FitsOneBlock(int extraEntryBytes)
    {
        int indexBytes = LeafEntryBytes * (EntryCount + 2 + (extraEntryBytes > 0 ? 1 : 0)) + BlockTailBytes;
        return _blocks.Count == 1 && _blocks[0].FreeBytes - extraEntryBytes >= indexBytes;
    }

    /// <summary>Index blocks that the present number of names and data blocks takes.</summary>
    public int NeededIndexBlocks()
    {
        int leafBytes = LeafHeaderBytes + LeafEntryBytes * (EntryCount + 2) + 2 * _blocks.Count + 4;
        if (leafBytes <= XfsGeometry.BlockBytes)
            return 1;
        if (EntryCount + 2 <= LeafEntryCountMax)
            return 2;
        int leaves = Math.Max(2, (EntryCount + 2) * 100 / (LeafEntryCountMax * LeafFillPercent) + 1);
        return leaves + 2;
    }

    private readonly record struct Block(bool IsPresent, int EntryCount, int FreeBytes, int LongestFreeBytes);
}
