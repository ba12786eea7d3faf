using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Xfs;

/// <content>mkfs, mount, unmount, log forces and metadata write-back.</content>
public sealed partial class XfsFileSystem
{
    /// <summary>A log buffer on a log without stripe unit.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/xfs_log_priv.h: XLOG_BIG_RECORD_BSIZE; mount shows logbsize=32k")]
    private const int LogBufferBytes = 32 * 1024;

    /// <summary>Log ahead of the head that a mount rewrites so that no stale record can be taken for a new one: all that eight log buffers
    /// of 256 KiB could have in flight.</summary>
    [ModelConstant(ModelPart.Xfs, "bytes", "Linux fs/xfs/xfs_log_recover.c: xlog_clear_stale_blocks")]
    private const long StaleBytes = 8 * 256 * 1024;

    /// <summary>Dummy checkpoints of the superblock that cover the log at unmount: two after changes, one without.</summary>
    [ModelConstant(ModelPart.Xfs, "checkpoints", "Linux fs/xfs/xfs_log.c: xfs_log_cover")]
    private const int CoverCountAfterChange = 2;

    /// <summary>Share of the log that may fill before metadata is pushed home to free its tail.</summary>
    [ModelConstant(ModelPart.Xfs, "percent", "Linux fs/xfs/xfs_log.c: xlog_grant_push_threshold")]
    private const int LogPushPercent = 75;

    /// <summary>Records of the superblock alone that an idle log still gets, so that recovery finds nothing to do (xfs_log.c, l_covered_state).</summary>
    private int _coversDue;
    private long _bytesSincePush;
    private InodeId _timedFile;

    /// <summary>Bytes a checkpoint is rounded to: the log's stripe unit, or a sector.</summary>
    private int LogUnitBytes => Math.Max(DeviceLimits.SectorBytes, _geometry.LogStripeBytes);

    private protected override FsStatus MountFormat()
    {
        _directoryRotor = 0;
        _coversDue = 0;
        _bytesSincePush = 0;
        _logWorkDueNanoseconds = null;
        IoStatus status = Device.Read(0, DeviceLimits.SectorBytes);
        if (status == IoStatus.Ok)
            status = Device.Read(_geometry.LogOffsetBytes, Math.Min(_geometry.LogBytes, StaleBytes));
        if (status == IoStatus.Ok)
            status = WriteLog(_log.HeadBytes, Math.Min(StaleBytes, _geometry.LogBytes));
        return ToFsStatus(status);
    }

    private protected override FsStatus UnmountFormat()
    {
        DropAllCopyOnWrite();
        FsStatus status = Fault == FsStatus.Ok ? ForceLog() : Fault;
        if (status == FsStatus.Ok)
            status = WriteHome();
        int covers = Math.Max(1, _coversDue);
        for (var i = 0; i < covers && status == FsStatus.Ok; i++)
            status = LogSuperblock();
        if (status == FsStatus.Ok)
            status = AppendLog(LogUnitBytes);
        if (status == FsStatus.Ok)
            status = ToFsStatus(Device.Flush());
        _log.ClearItems();
        _log.ClearHome();
        _busy.Clear();
        return status;
    }

    private protected override FsStatus CommitInode(InodeId inode) => _log.Holds(inode) ? ForceLog() : ToFsStatus(Device.Flush());

    /// <inheritdoc/>
    /// <remarks>Metadata stays in memory: the kernel writes it home every 30 seconds, when the log fills, and at unmount.</remarks>
    private protected override FsStatus CommitJournal()
    {
        _timedFile = default;
        return ForceLog();
    }

    /// <inheritdoc/>
    /// <remarks>Pushes all that is in the log home (fs/xfs/xfs_icache.c, xfs_reclaim_inodes_nr): recorded run S3-direct-lvm, step 17.</remarks>
    private protected override FsStatus ReclaimInodes() => WriteHome();

    /// <inheritdoc/>
    /// <remarks>File times advance with the kernel's tick. A run of overwrites of one file, synced one by one, is taken to fit into one
    /// tick, so that only the first one logs a new time: recorded run S2-loop-lvm, step 8, where 64 of them made 2 log writes.</remarks>
    private protected override void LogWrite(InodeId file, bool grows)
    {
        if (!grows && file == _timedFile)
            return;
        _timedFile = file;
        LogInode(file);
    }

    /// <summary>What mkfs.xfs writes: both ends wiped, the log zeroed, the headers of every group, the root's inode chunk.</summary>
    private FsStatus WriteFormat()
    {
        if (Device.Limits.TakesDiscards)
            _ = Device.Discard(0, Device.LengthBytes);
        long lengthBytes = Device.LengthBytes / BlockBytes * BlockBytes;
        IoStatus status = Device.Write(0, Math.Min(XfsGeometry.WipeBytes, lengthBytes));
        if (status == IoStatus.Ok)
            status = Device.Write(Math.Max(0, lengthBytes - XfsGeometry.WipeBytes), Math.Min(XfsGeometry.WipeBytes, lengthBytes));
        if (status == IoStatus.Ok)
            status = Device.Write(_geometry.LogOffsetBytes, _geometry.LogBytes);
        for (var number = 0; number < _groups.Length && status == IoStatus.Ok; number++)
            status = Device.Write(DiskBlock(number, 0) * BlockBytes, _geometry.HeaderBlocks * (long)BlockBytes);
        if (status == IoStatus.Ok)
            status = Device.Write(_geometry.RootChunkBlock * (long)BlockBytes, _geometry.InodeChunkBlocks * (long)BlockBytes);
        if (status == IoStatus.Ok && _geometry.Options.IsBefore5)
            status = Device.Write((_geometry.TotalBlocks - 1) * BlockBytes, BlockBytes);
        if (status == IoStatus.Ok)
            status = Device.Flush();
        // mkfs leaves an unmount record at the start of the log.
        _log.HeadBytes = LogUnitBytes;
        return ToFsStatus(status);
    }

    /// <summary>Writes everything logged so far as one checkpoint; what was freed may be used again afterwards.</summary>
    private FsStatus ForceLog()
    {
        if (_log.IsEmpty)
            return FsStatus.Ok;
        long bytes = _log.BufferBytes();
        for (long index = 0; _log.TryFirstInodes(index, out index, out long end);)
        {
            for (; index < end; index++)
                bytes += XfsLog.InodeItemBytes + ForkBytes(new InodeId((int)index));
        }

        _log.ClearItems();
        _coversDue = CoverCountAfterChange;
        FsStatus status = ToFsStatus(Device.Flush());
        status = status == FsStatus.Ok ? AppendLog(RecordBytes(bytes)) : ShutDown();
        if (status == FsStatus.Ok && DiscardsFreed)
            DiscardBusy();
        _busy.Clear();
        return status;
    }

    /// <summary>xlog_discard_busy_extents (fs/xfs/xfs_log_cil.c): every freed extent by itself; a discard that fails is forgotten.</summary>
    private void DiscardBusy()
    {
        for (var group = 0; group < _groups.Length; group++)
        {
            foreach ((long start, long count) in _busy.Of(group))
                _ = Device.Discard(DiskBlock(group, start) * BlockBytes, count * BlockBytes);
        }
    }

    /// <summary>Log bytes of a checkpoint: full log buffers with their headers, the last one rounded up.</summary>
    private long RecordBytes(long contentBytes)
    {
        int bufferBytes = Math.Max(LogBufferBytes, _geometry.LogStripeBytes);
        int headerBytes = (bufferBytes + LogBufferBytes - 1) / LogBufferBytes * DeviceLimits.SectorBytes;
        long payloadBytes = bufferBytes - headerBytes;
        long full = contentBytes / payloadBytes;
        long rest = contentBytes % payloadBytes;
        long restBytes = rest == 0 ? 0 : (rest + headerBytes + LogUnitBytes - 1) / LogUnitBytes * LogUnitBytes;
        return full * bufferBytes + restBytes;
    }

    private FsStatus LogSuperblock()
    {
        FsStatus status = AppendLog(LogUnitBytes);
        return status == FsStatus.Ok ? ToFsStatus(Device.Write(0, DeviceLimits.SectorBytes)) : status;
    }

    private FsStatus AppendLog(long lengthBytes)
    {
        long start = _log.HeadBytes;
        _log.HeadBytes = (start + lengthBytes) % _geometry.LogBytes;
        if (WriteLog(start, lengthBytes) != IoStatus.Ok)
            return ShutDown();
        _bytesSincePush += lengthBytes;
        return _bytesSincePush > _geometry.LogBytes * LogPushPercent / 100 ? WriteHome() : FsStatus.Ok;
    }

    private FsStatus ShutDown()
    {
        Fault = FsStatus.IoError;
        return Fault;
    }

    private IoStatus WriteLog(long start, long lengthBytes)
    {
        while (lengthBytes > 0)
        {
            long part = Math.Min(lengthBytes, _geometry.LogBytes - start);
            IoStatus status = Device.Write(_geometry.LogOffsetBytes + start, part);
            if (status != IoStatus.Ok)
                return status;
            start = (start + part) % _geometry.LogBytes;
            lengthBytes -= part;
        }

        return IoStatus.Ok;
    }

    /// <summary>Writes dirty metadata to its place, neighbours together. A failure does not hurt: the log has it, and the kernel tries again.</summary>
    private FsStatus WriteHome()
    {
        _bytesSincePush = 0;
        IoStatus status = IoStatus.Ok;
        for (long next = 0; status == IoStatus.Ok && _log.TryFirstHome(next, out long first, out long end);)
        {
            long inGroup = BlockInGroup(first);
            next = inGroup == 0 ? first + 1 : Math.Min(end, first - inGroup + _geometry.GroupBlocks);
            // A group's headers are sectors: behind the superblock those of the free space and of the inodes.
            status = inGroup == 0
                ? Device.Write((first * BlockBytes) + DeviceLimits.SectorBytes, 2 * DeviceLimits.SectorBytes)
                : Device.Write(first * BlockBytes, (next - first) * BlockBytes);
        }

        _log.ClearHome();
        return ToFsStatus(status);
    }

    /// <summary>Bytes an inode's forks add to its log item: short directories, link targets and extent records.</summary>
    private int ForkBytes(InodeId inode)
    {
        ref readonly Inode record = ref InodeAt(inode);
        ref readonly XfsInode xfs = ref _xfsInodes[inode.Index];
        int data = record.Kind switch
        {
            InodeKind.None => 0,
            InodeKind.Symlink when record.Extents.Count == 0 => (int)record.SizeBytes,
            InodeKind.Directory when xfs.Directory is null => xfs.ShortFormBytes,
            _ => Math.Min(record.Extents.Count * ExtentRecordBytes, _geometry.LiteralBytes),
        };
        return (data > 0 ? data + XfsLog.RegionHeaderBytes : 0) + (xfs.AttributeBytes > 0 ? xfs.AttributeBytes + XfsLog.RegionHeaderBytes : 0);
    }

    /// <summary>Logs what taking or freeing blocks changes in a group: its free-space header and the roots of both free-space trees.</summary>
    private void LogFreeSpace(int group)
    {
        // The chunk of the root's header and half of those that hold its records change in the life of a checkpoint; measured with xfs_logprint.
        int recordChunks = _groups[group].ByStart.Count * sizeof(ulong) / XfsLog.BufferChunkBytes;
        int rootBytes = Math.Min(BlockBytes, XfsLog.BufferChunkBytes * (1 + recordChunks / 2));
        _log.AddRoot(DiskBlock(group, 0), 2 * XfsLog.BufferChunkBytes);
        _log.AddRoot(DiskBlock(group, 1), rootBytes);
        _log.AddRoot(DiskBlock(group, 2), rootBytes);
    }

    /// <summary>Logs what taking or freeing an inode changes in a group: its inode header and the roots of the inode trees.</summary>
    private void LogInodeTrees(int group)
    {
        _log.AddRoot(DiskBlock(group, 0), 2 * XfsLog.BufferChunkBytes);
        _log.AddRoot(DiskBlock(group, 3), XfsLog.BufferChunkBytes);
        if (_geometry.Options.HasFreeInodeTree)
            _log.AddRoot(DiskBlock(group, 4), XfsLog.BufferChunkBytes);
    }

    private void LogRefcounts(int group) => _log.AddRoot(DiskBlock(group, _geometry.HeaderBlocks - 1), XfsLog.BufferChunkBytes);
}
