using System.Runtime.InteropServices;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Xfs;

/// <summary>The log's position, and what a mount has changed: items not yet in the log and metadata blocks not yet home.</summary>
/// <remarks>Sizes from fs/xfs/xfs_log.c, xfs_log_cil.c, xfs_inode_item.c and xfs_buf_item.c of Linux 6.1.</remarks>
internal sealed class XfsLog
{
    /// <summary>Header of every region of a log item.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_log_format.h: xlog_op_header")]
    public const int RegionHeaderBytes = 12;

    /// <summary>An inode's log item without its forks.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_log_format.h: xfs_inode_log_format and xfs_log_dinode, each a region")]
    public const int InodeItemBytes = 56 + 176 + 2 * RegionHeaderBytes;

    /// <summary>A buffer's log item without its content: the region of its format and the header of one run of dirty chunks.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_log_format.h: xfs_buf_log_format for 4 KiB")]
    private const int BufferItemBytes = 24 + 2 * RegionHeaderBytes;

    /// <summary>Unit in which changes of a buffer are logged.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_log_format.h: XFS_BLF_CHUNK")]
    public const int BufferChunkBytes = 128;

    /// <summary>Start record with its transaction header, and commit record, of one checkpoint.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/xfs_log_cil.c: xlog_cil_push_work")]
    private const int CheckpointBytes = 28 + 16 + 3 * RegionHeaderBytes;

    /// <summary>Log item of a new inode chunk, with its region header.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/libxfs/xfs_log_format.h: xfs_icreate_log")]
    private const int ChunkItemBytes = 28 + RegionHeaderBytes;

    private readonly SparseBitmap _inodes = new();
    private readonly Dictionary<long, int> _buffers = [];
    private readonly SparseBitmap _homeBlocks = new();
    private int _chunkCount;

    /// <summary>Where the next record goes, in bytes from the start of the log.</summary>
    public long HeadBytes { get; set; }

    /// <summary>Whether anything waits for the log.</summary>
    public bool IsEmpty => _inodes.Count == 0 && _buffers.Count == 0;

    /// <summary>Whether a block waits to be written home.</summary>
    public bool HasHomeBlocks => TryFirstHome(0, out _, out _);

    /// <summary>Notes a change of the inode in the cluster that starts at <paramref name="clusterBlock"/>.</summary>
    public void AddInode(InodeId inode, long clusterBlock, int clusterBlocks)
    {
        _ = _inodes.Add(inode.Index, inode.Index + 1);
        _ = _homeBlocks.Add(clusterBlock, clusterBlock + clusterBlocks);
    }

    /// <summary>Notes that so many bytes of a metadata block change, other ones than before.</summary>
    public void AddBuffer(long block, int dirtyBytes)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_buffers, block, out _) += dirtyBytes;
        _ = _homeBlocks.Add(block, block + 1);
    }

    /// <summary>Notes a change of a header or a tree's root, in which the same so many bytes change every time.</summary>
    public void AddRoot(long block, int dirtyBytes)
    {
        ref int dirty = ref CollectionsMarshal.GetValueRefOrAddDefault(_buffers, block, out _);
        dirty = Math.Max(dirty, dirtyBytes);
        _ = _homeBlocks.Add(block, block + 1);
    }

    /// <summary>Notes a fresh inode chunk: a small item that stands for all its inodes (xfs_icreate_log).</summary>
    public void AddChunk() => _chunkCount++;

    /// <summary>Notes a block that is written home without its content being logged: a fresh inode chunk.</summary>
    public void AddUnlogged(long block) => _ = _homeBlocks.Add(block, block + 1);

    /// <summary>Forgets a block that is free now: it is neither logged nor written home (XFS_BLF_CANCEL).</summary>
    public void Cancel(long block)
    {
        _buffers.Remove(block);
        _ = _homeBlocks.Remove(block, block + 1);
    }

    /// <summary>Bytes of the checkpoint that everything waiting makes, without the inodes.</summary>
    public long BufferBytes()
    {
        long bytes = CheckpointBytes + _chunkCount * ChunkItemBytes;
        foreach (int dirty in _buffers.Values)
            bytes += BufferItemBytes + Math.Min(XfsGeometry.BlockBytes, (dirty + BufferChunkBytes - 1) / BufferChunkBytes * BufferChunkBytes);
        return bytes;
    }

    public void ClearItems()
    {
        _inodes.Clear();
        _buffers.Clear();
        _chunkCount = 0;
    }

    /// <summary>Whether a change of the inode waits for the log.</summary>
    public bool Holds(InodeId inode) => _inodes.Contains(inode.Index);

    /// <summary>The first inodes in a row, from <paramref name="index"/> on, that wait for the log.</summary>
    public bool TryFirstInodes(long index, out long first, out long end) => _inodes.TryFirstRun(index, long.MaxValue, out first, out end);

    /// <summary>The first run of neighbours among the blocks to write home from <paramref name="block"/> on.</summary>
    public bool TryFirstHome(long block, out long start, out long end) => _homeBlocks.TryFirstRun(block, long.MaxValue, out start, out end);

    /// <summary>Forgets what there was to write home.</summary>
    public void ClearHome() => _homeBlocks.Clear();
}
