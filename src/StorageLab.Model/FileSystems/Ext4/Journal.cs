using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Ext4;

/// <summary>jbd2 during one mount: the blocks of the running transaction, the place in the circular log, and the metadata that is
/// committed but not yet written where it belongs.</summary>
/// <remarks>Sources: fs/jbd2/commit.c, checkpoint.c, journal.c. Every metadata block a transaction touches is logged whole.</remarks>
internal sealed class Journal(IBlockDevice device, FileExtents blocks, int blockCount, int head)
{
    /// <summary>Tags in a descriptor block: 16 bytes each with 64bit and checksum v3, behind a header of 12, a UUID of 16 and before a tail
    /// of 4.</summary>
    [ModelConstant(ModelPart.Ext4, "tags", "Linux include/linux/jbd2.h: journal_block_tag3_t")]
    private const int TagsPerDescriptor = (Ext4Geometry.BlockBytes - 12 - 16 - 4) / 16;

    /// <summary>Revoke records in a block: 8 bytes each with 64bit, behind a header of 16 and before a tail of 4.</summary>
    [ModelConstant(ModelPart.Ext4, "records", "Linux include/linux/jbd2.h: jbd2_journal_revoke_header_t")]
    private const int RevokesPerBlock = (Ext4Geometry.BlockBytes - 16 - 4) / 8;

    /// <summary>First block of the log; block 0 is the journal's superblock.</summary>
    [ModelConstant(ModelPart.Ext4, "journal block", "Linux include/linux/jbd2.h: journal_superblock_t, s_first")]
    public const int FirstLogBlock = 1;

    private readonly HashSet<long> _running = [];
    private readonly HashSet<long> _notHome = [];
    private readonly HashSet<long> _revoked = [];
    private long[] _sorted = [];
    private int _usedLogBlocks;
    private bool _isEmptyOnDisk = true;

    /// <summary>Where the next transaction starts, in blocks of the journal.</summary>
    public int Head { get; private set; } = head;

    /// <summary>Transactions commit on their own beyond a quarter of the journal (j_max_transaction_buffers).</summary>
    public bool IsTransactionFull => _running.Count >= blockCount / 4;

    /// <summary>Adds a metadata block to the running transaction.</summary>
    public void Touch(long block)
    {
        _running.Add(block);
        _revoked.Remove(block);
    }

    /// <summary>Whether the running transaction holds nothing.</summary>
    public bool IsRunningEmpty => _running.Count + _revoked.Count == 0;

    public bool IsInRunning(long block) => _running.Contains(block);

    /// <summary>A metadata block was freed: it needs neither logging nor writing, but a record against its replay.</summary>
    public void Revoke(long block)
    {
        _running.Remove(block);
        _notHome.Remove(block);
        _revoked.Add(block);
    }

    /// <summary>Writes the running transaction to the log, with a flush before its commit record and one to make that durable.</summary>
    public IoStatus Commit()
    {
        if (_running.Count + _revoked.Count == 0)
            return IoStatus.Ok;
        int descriptors = (_running.Count + TagsPerDescriptor - 1) / TagsPerDescriptor;
        int revokes = (_revoked.Count + RevokesPerBlock - 1) / RevokesPerBlock;
        int length = revokes + descriptors + _running.Count;
        IoStatus status = MakeRoom(length + 1);
        if (status == IoStatus.Ok)
            status = WriteLog(length);
        if (status == IoStatus.Ok)
            status = device.Flush();
        if (status == IoStatus.Ok)
            status = WriteLog(1);
        if (status == IoStatus.Ok)
            status = device.Flush();
        _notHome.UnionWith(_running);
        _running.Clear();
        _revoked.Clear();
        return status;
    }

    /// <summary>Writes all committed metadata where it belongs, in the order of the device.</summary>
    public IoStatus WriteHome()
    {
        int count = _notHome.Count;
        if (_sorted.Length < count)
            _sorted = new long[Math.Max(count, 64)];
        _notHome.CopyTo(_sorted);
        Array.Sort(_sorted, 0, count);
        IoStatus result = IoStatus.Ok;
        for (var from = 0; from < count;)
        {
            int to = from + 1;
            while (to < count && _sorted[to] == _sorted[to - 1] + 1)
                to++;
            IoStatus status = device.Write(_sorted[from] * Ext4Geometry.BlockBytes, (long)(to - from) * Ext4Geometry.BlockBytes);
            result = result == IoStatus.Ok ? status : result;
            from = to;
        }

        _notHome.Clear();
        return result;
    }

    /// <summary>Leaves an empty journal: everything home, then the superblock says so (jbd2_journal_flush, jbd2_journal_destroy).</summary>
    public IoStatus Empty()
    {
        IoStatus status = WriteHome();
        if (status == IoStatus.Ok && !_isEmptyOnDisk)
            status = WriteSuperblock();
        if (status == IoStatus.Ok)
            status = device.Flush();
        _usedLogBlocks = 0;
        _isEmptyOnDisk = true;
        return status;
    }

    /// <summary>Checkpoints when the log is full. The tail on disk moves on when a quarter of the log can be freed (jbd2_update_log_tail).</summary>
    private IoStatus MakeRoom(int length)
    {
        IoStatus status = IoStatus.Ok;
        bool isTight = _usedLogBlocks + length > blockCount - FirstLogBlock;
        if (isTight)
            status = WriteHome();
        bool movesTail = _notHome.Count == 0 && _usedLogBlocks >= blockCount / 4;
        if (movesTail)
            _usedLogBlocks = 0;
        if (status == IoStatus.Ok && (movesTail || _isEmptyOnDisk))
            status = WriteSuperblock();
        _isEmptyOnDisk = false;
        return status;
    }

    private IoStatus WriteLog(int length)
    {
        IoStatus status = IoStatus.Ok;
        _usedLogBlocks += length;
        while (length > 0 && status == IoStatus.Ok)
        {
            blocks.TryFind(Head, out Extent extent);
            Extent part = extent.Slice(Head, Math.Min(Head + length, blockCount));
            status = device.Write(part.DiskBlock * Ext4Geometry.BlockBytes, part.BlockCount * Ext4Geometry.BlockBytes);
            length -= (int)part.BlockCount;
            Head = part.FileEnd == blockCount ? FirstLogBlock : (int)part.FileEnd;
        }

        return status;
    }

    private IoStatus WriteSuperblock()
    {
        blocks.TryFind(0, out Extent first);
        return device.Write(first.DiskBlock * Ext4Geometry.BlockBytes, Ext4Geometry.BlockBytes);
    }
}
