using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;
using StorageLab.Model.Drivers;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>
/// A thin-provisioning pool: devices of any promised size that take blocks of a shared data device when they are written, and snapshots
/// that share them.
/// </summary>
/// <remarks>
/// Everything that decides space is kept as the kernel keeps it: copy-on-write trees and space maps in 4 KiB metadata blocks, the
/// allocation cursor, transactions.
/// No content is kept. Source: drivers/md/dm-thin.c, dm-thin-metadata.c and persistent-data/.
/// </remarks>
public sealed class ThinPool
{
    /// <summary>Time after which a changed pool commits by itself.</summary>
    [ModelConstant(ModelPart.ThinPool, "nanoseconds", "Linux drivers/md/dm-thin.c: COMMIT_PERIOD")]
    public const long CommitPeriodNanoseconds = 1_000_000_000;

    /// <summary>Time a write waits for space before the pool turns to errors.</summary>
    [ModelConstant(ModelPart.ThinPool, "nanoseconds", "Linux drivers/md/dm-thin.c: NO_SPACE_TIMEOUT_SECS")]
    public const long NoSpaceTimeoutNanoseconds = 60 * 1_000_000_000L;

    /// <summary>Largest device id: 24 bits.</summary>
    [ModelConstant(ModelPart.ThinPool, "device id", "Linux drivers/md/dm-thin.c: MAX_DEV_ID")]
    public const int DeviceIdMax = (1 << 24) - 1;

    /// <summary>Most snapshots a pool can count: the time stamp of a mapping has 24 bits.</summary>
    [ModelConstant(ModelPart.ThinPool, "snapshots", "Linux drivers/md/dm-thin-metadata.c: pack_block_time")]
    public const uint TimeMax = PackedMapping.TimeMax;

    private readonly VirtualClock _clock;
    private readonly ThinKernelTraits _traits;
    private readonly bool _takesWholeBlocks;
    private readonly DiscardRuns _freed = new();
    private IoCounters _thinCounters;
    private long _lastCommitNanoseconds;
    private long _noSpaceSinceNanoseconds;

    /// <summary>Formats a pool on two devices, whatever they held, and commits it.</summary>
    /// <param name="data">Holds the blocks; a rest at its end that fills no block is not used.</param>
    /// <param name="metadata">Holds the trees; at most 15.9 GiB of it are used.</param>
    /// <exception cref="ArgumentException">The options are impossible, or a device is too small or too large.</exception>
    public ThinPool(IBlockDevice data, IBlockDevice metadata, ThinPoolOptions options, VirtualClock clock)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        long blockCount = data.LengthBytes / options.DataBlockBytes;
        if (blockCount is < 1 or > int.MaxValue)
            throw new ArgumentException($"a data device of {data.LengthBytes} bytes has {blockCount} blocks; a pool has 1 to {int.MaxValue}");
        Data = data;
        Options = options;
        _clock = clock;
        _traits = new ThinKernelTraits(options.Kernel);
        _takesWholeBlocks = ThinDeviceLimits.LargestRequestBytes(options) >= options.DataBlockBytes;
        try
        {
            Metadata = new ThinMetadata(metadata, (int)blockCount, _traits);
            PassesDiscardsDown = options.DiscardPassdown && data.Limits.TakesDiscards;
            FailsWithoutSpace = options.ErrorIfNoSpace;
            if (Metadata.Commit() != IoStatus.Ok)
                throw new ArgumentException("the metadata device could not be written");
        }
        catch (MetadataExhaustedException)
        {
            throw new ArgumentException($"a metadata device of {metadata.LengthBytes} bytes is too small for a pool of {blockCount} data blocks");
        }
    }

    public ThinPoolOptions Options { get; }

    public ThinPoolMode Mode { get; private set; }

    /// <summary>Whether a metadata operation failed, so that only <c>thin_check</c> and <c>thin_repair</c> bring the pool back.</summary>
    public bool NeedsCheck { get; private set; }

    /// <summary>Whether freed blocks are discarded on the data device: asked for, and the device takes discards.</summary>
    public bool PassesDiscardsDown { get; }

    /// <summary>Whether writes that find no block fail now: asked for, or the 60 s of waiting are over.</summary>
    public bool FailsWithoutSpace { get; private set; }

    /// <summary>Number that user space counts its changes with.</summary>
    public long TransactionId => Metadata.TransactionId;

    /// <summary>Snapshots taken so far; mappings carry the time at which they were made.</summary>
    public uint Time => Metadata.Time;

    public long DataTotalBlockCount => Metadata.Data.BlockCount;

    /// <summary>Data blocks that cannot be handed out; between commits that includes blocks the running transaction freed.</summary>
    public long DataUsedBlockCount => DataTotalBlockCount - Metadata.Data.AvailableCount;

    public long MetadataTotalBlockCount => Metadata.Blocks.BlockCount;

    /// <summary>Metadata blocks of 4 KiB that cannot be handed out, the reserve included, as the status line counts them.</summary>
    public long MetadataUsedBlockCount => MetadataTotalBlockCount - Metadata.Blocks.AvailableCount;

    /// <summary>Metadata blocks held back for commits, counted as used; 0 on kernels before 4.20.</summary>
    public long MetadataReservedBlockCount => Metadata.Blocks.ReserveBlockCount;

    /// <summary>Metadata blocks that a kernel holds back, and counts as used, of a device of so many: what no status line tells.</summary>
    public static long MetadataReserveOf(KernelVersion kernel, long metadataBlockCount) =>
        MetadataBlocks.ReserveOf(new ThinKernelTraits(kernel), metadataBlockCount);

    /// <summary>What arrived at all thin devices of the pool since it was made.</summary>
    public IoCounters ThinCounters => _thinCounters;

    /// <summary>Whether the event was sent that the data device is down to its low-water mark; it is sent once.</summary>
    public bool HasReachedLowWaterMark { get; private set; }

    /// <summary>Transactions committed, by flushes, messages and time.</summary>
    public long CommitCount { get; private set; }

    /// <summary>Ids of all devices, ascending.</summary>
    public IEnumerable<int> DeviceIds => Metadata.Devices.Keys.Select(id => (int)id);

    internal IBlockDevice Data { get; }

    internal ThinMetadata Metadata { get; }

    /// <summary>
    /// Makes a pool from a dump, as thin_restore does. Devices share no tree nodes; data blocks are counted once for every mapping.
    /// </summary>
    /// <exception cref="ArgumentException">An id, a block or a time is out of range, or a device's mappings are not ascending.</exception>
    public static ThinPool Restore(
        IBlockDevice data, IBlockDevice metadata, ThinPoolOptions options, VirtualClock clock, ThinPoolContents contents)
    {
        var pool = new ThinPool(data, metadata, options, clock);
        try
        {
            ThinPoolRestorer.Fill(pool.Metadata, contents);
        }
        catch (MetadataExhaustedException)
        {
            throw new ArgumentException($"a metadata device of {metadata.LengthBytes} bytes is too small for the mappings");
        }

        _ = pool.Commit();
        return pool;
    }

    /// <summary>Message <c>create_thin</c>: an empty device.</summary>
    public ThinMessageStatus CreateThin(int deviceId)
    {
        uint id = CheckId(deviceId);
        if (Metadata.Find(id) is not null)
            return ThinMessageStatus.Exists;
        return Serve(() => Metadata.CreateThin(id));
    }

    /// <summary>Message <c>create_snap</c>: a device that shares everything with another. Cost: independent of the mappings.</summary>
    public ThinMessageStatus CreateSnapshot(int deviceId, int originId)
    {
        uint id = CheckId(deviceId);
        if (Metadata.Find(id) is not null)
            return ThinMessageStatus.Exists;
        ThinDeviceState? origin = Metadata.Find(CheckId(originId));
        return origin is null ? ThinMessageStatus.NotFound : Serve(() => Metadata.CreateSnapshot(id, origin));
    }

    /// <summary>
    /// Message <c>delete</c>: frees what only this device maps. Nothing is discarded below: who wants that discards the device first.
    /// </summary>
    public ThinMessageStatus Delete(int deviceId)
    {
        ThinDeviceState? device = Metadata.Find(CheckId(deviceId));
        if (device is null)
            return ThinMessageStatus.NotFound;
        return device.OpenCount > 0 ? ThinMessageStatus.Busy : Serve(() => Metadata.Delete(device));
    }

    /// <summary>Message <c>set_transaction_id</c>: compare and swap.</summary>
    public ThinMessageStatus SetTransactionId(long currentId, long newId) =>
        currentId != TransactionId ? ThinMessageStatus.Mismatch : Serve(() => Metadata.TransactionId = newId);

    /// <summary>Activates a device with a length (a thin line in a device-mapper table).</summary>
    /// <param name="deviceId">An existing device.</param>
    /// <param name="lengthBytes">A multiple of 512; may differ from one activation to the next.</param>
    /// <exception cref="ArgumentException">There is no such device, or the length is none.</exception>
    public ThinDevice Open(int deviceId, long lengthBytes)
    {
        ThinDeviceState device = Metadata.Find(CheckId(deviceId)) ?? throw new ArgumentException($"thin device {deviceId} does not exist");
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, DeviceLimits.SectorBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(lengthBytes % DeviceLimits.SectorBytes, 0);
        long blockCount = (lengthBytes + Options.DataBlockBytes - 1) / Options.DataBlockBytes;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(blockCount, uint.MaxValue, nameof(lengthBytes));
        Metadata.OpenIndex(device, blockCount);
        device.OpenCount++;
        return new ThinDevice(this, device, lengthBytes);
    }

    /// <summary>Writes the running transaction. Blocks that it freed may be used again afterwards.</summary>
    /// <returns>Ok, or what kept it: ReadOnly in a mode without metadata changes, else the failure that turned the pool
    /// read-only.</returns>
    public IoStatus Commit()
    {
        if (Mode >= ThinPoolMode.OutOfMetadataSpace)
            return IoStatus.ReadOnly;
        _lastCommitNanoseconds = _clock.NowNanoseconds;
        try
        {
            IoStatus status = _traits.FlushesDataAtCommit ? Data.Flush() : IoStatus.Ok;
            if (status == IoStatus.Ok)
                status = Metadata.Commit();
            if (status != IoStatus.Ok)
            {
                FailMetadata();
                return status;
            }
        }
        catch (MetadataExhaustedException)
        {
            FailMetadata();
            return IoStatus.NoSpace;
        }

        CommitCount++;
        if (Mode == ThinPoolMode.OutOfDataSpace && Metadata.Data.AvailableCount > 0)
            ResumeWriting();
        return IoStatus.Ok;
    }

    /// <summary>
    /// Removes the pool from device-mapper and loads it again: what is on the metadata device stays, where the search for free blocks had come to does not,
    /// and a pool that had run full tries anew. One that needs a check stays read-only.
    /// </summary>
    public void Reload()
    {
        _ = Commit();
        Metadata.Blocks.ResetCursor();
        Metadata.Data.ResetCursor();
        HasReachedLowWaterMark = false;
        if (Mode == ThinPoolMode.OutOfDataSpace)
            ResumeWriting();
    }

    /// <summary>Commits if something changed and the last commit is a second old, as the pool's worker does by itself.</summary>
    public void CommitIfDue()
    {
        if (Metadata.HasChanged && _clock.NowNanoseconds - _lastCommitNanoseconds >= CommitPeriodNanoseconds)
            _ = Commit();
    }

    /// <summary>Blocks that a device maps.</summary>
    /// <exception cref="ArgumentException">There is no such device.</exception>
    public long MappedBlockCount(int deviceId) => Require(deviceId).MappedBlockCount;

    /// <summary>A device's mappings in ascending order, adjacent ones of the same time together.</summary>
    /// <exception cref="ArgumentException">There is no such device.</exception>
    public IReadOnlyList<ThinMappingRun> MappedRuns(int deviceId) => ThinPoolDump.Runs(Metadata.Mappings, Require(deviceId).Root);

    /// <summary>Details and mappings of a device, as thin_dump shows them.</summary>
    /// <exception cref="ArgumentException">There is no such device.</exception>
    public ThinDeviceContents Describe(int deviceId)
    {
        ThinDeviceState device = Require(deviceId);
        return new ThinDeviceContents(deviceId, device.TransactionId, device.CreationTime, device.SnapshottedTime, MappedRuns(deviceId));
    }

    /// <summary>How many mapping leaves name a data block; 0 when it is free.</summary>
    public int DataReferenceCount(long dataBlock) => Metadata.Data.Count(checked((int)dataBlock));

    /// <summary>Writes the pool's mappings as XML in the form of thin_dump, for thin_restore.</summary>
    public void WriteXml(TextWriter writer) => ThinPoolDump.WriteXml(this, writer);

    /// <summary>The line that <c>dmsetup status</c> prints for the pool, without its name; dmsetup commits first.</summary>
    public string StatusLine() => ThinPoolStatusLine.Format(this, _traits);

    internal ref IoCounters ThinCountersRef() => ref _thinCounters;

    /// <summary>Gives a device a block of its own for a write: a new one, or a copy of the one it shares.</summary>
    /// <param name="entry">In: the block's index entry, shared or unmapped. Out: the new one.</param>
    /// <param name="coversBlock">Whether the write replaces the whole block, so that nothing need be copied or zeroed - unless the data
    /// device takes only smaller requests, for then the first piece finds the block shared (io_overwrites_block).</param>
    internal IoStatus Remap(ThinDeviceState device, long virtualBlock, bool coversBlock, ref uint entry)
    {
        CommitIfDue();
        try
        {
            IoStatus status = TakeDataBlock(out int block);
            if (status != IoStatus.Ok)
                return status;
            if (!coversBlock || !_takesWholeBlocks)
                status = Prepare(entry, block);
            if (status != IoStatus.Ok)
            {
                _ = Metadata.Data.Decrement(block);
                return status;
            }

            Metadata.Insert(device, virtualBlock, block, Metadata.Time);
            entry = (uint)block;
            return IoStatus.Ok;
        }
        catch (MetadataExhaustedException)
        {
            FailMetadata();
            return IoStatus.IoError;
        }
    }

    /// <summary>Unmaps blocks and discards those below that nobody maps any more.</summary>
    internal IoStatus DiscardBlocks(ThinDeviceState device, long begin, long end)
    {
        if (Mode >= ThinPoolMode.OutOfMetadataSpace)
            return IoStatus.Ok;
        CommitIfDue();
        _freed.Clear();
        try
        {
            Metadata.RemoveRange(device, (uint)begin, (uint)end, _freed);
        }
        catch (MetadataExhaustedException)
        {
            FailMetadata();
            return IoStatus.IoError;
        }

        // A discard that fails below is no failure of the one above: the blocks are unmapped (passdown_endio).
        for (var i = 0; PassesDiscardsDown && i < _freed.Count; i++)
            _ = Data.Discard(_freed[i].First * Options.DataBlockBytes, _freed[i].Count * Options.DataBlockBytes);
        return IoStatus.Ok;
    }

    internal IoStatus FlushFor(ThinDeviceState device)
    {
        if (device.LostChanges)
            return IoStatus.IoError;
        if (!device.HasChanged)
            return Data.Flush();
        IoStatus status = Commit();
        if (status != IoStatus.Ok)
            return IoStatus.IoError;
        return _traits.FlushesDataAtCommit ? IoStatus.Ok : Data.Flush();
    }

    internal void Close(ThinDeviceState device)
    {
        if (--device.OpenCount == 0)
            Metadata.DropIndex(device);
    }

    private static uint CheckId(int deviceId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(deviceId);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(deviceId, DeviceIdMax);
        return (uint)deviceId;
    }

    private ThinDeviceState Require(int deviceId) =>
        Metadata.Find(CheckId(deviceId)) ?? throw new ArgumentException($"thin device {deviceId} does not exist");

    // pool_message: every message is committed.
    private ThinMessageStatus Serve(Action change)
    {
        if (Mode >= ThinPoolMode.OutOfMetadataSpace)
            return ThinMessageStatus.ReadOnly;
        try
        {
            change();
        }
        catch (MetadataExhaustedException)
        {
            FailMetadata();
            return ThinMessageStatus.MetadataFailed;
        }

        return Commit() == IoStatus.Ok ? ThinMessageStatus.Ok : ThinMessageStatus.MetadataFailed;
    }

    private IoStatus Prepare(uint entry, int newBlock)
    {
        long blockBytes = Options.DataBlockBytes;
        if (entry == MappingIndex.Unmapped)
            return Options.ZeroNewBlocks ? Data.Write(newBlock * blockBytes, blockBytes) : IoStatus.Ok;
        IoStatus status = Data.Read((entry & ~MappingIndex.SharedBit) * blockBytes, blockBytes);
        return status == IoStatus.Ok ? Data.Write(newBlock * blockBytes, blockBytes) : status;
    }

    // alloc_data_block, with the waiting of a queued write (retry_on_resume, do_no_space_timeout).
    private IoStatus TakeDataBlock(out int block)
    {
        block = -1;
        while (Mode <= ThinPoolMode.OutOfDataSpace)
        {
            if (Mode == ThinPoolMode.Write && HaveMetadataSpace() && HaveDataSpace())
            {
                block = Metadata.Data.Allocate();
                return IoStatus.Ok;
            }

            if (Mode == ThinPoolMode.OutOfDataSpace && !WaitForSpace())
                return IoStatus.NoSpace;
        }

        return IoStatus.IoError;
    }

    private bool HaveMetadataSpace()
    {
        if (!_traits.ReservesMetadata || Metadata.Blocks.AvailableCount > 0)
            return true;
        if (Commit() == IoStatus.Ok && Metadata.Blocks.AvailableCount == 0)
            Mode = ThinPoolMode.OutOfMetadataSpace;
        return Mode == ThinPoolMode.Write;
    }

    private bool HaveDataSpace()
    {
        DataSpaceMap data = Metadata.Data;
        if (data.AvailableCount <= Options.LowWaterMarkBlocks)
            HasReachedLowWaterMark = true;
        if (data.AvailableCount > 0)
            return true;
        if (Commit() != IoStatus.Ok)
            return false;
        if (data.AvailableCount > 0)
            return true;
        Mode = ThinPoolMode.OutOfDataSpace;
        _noSpaceSinceNanoseconds = _clock.NowNanoseconds;
        return false;
    }

    // A queued write waits until the worker's next commit frees something, or until the timeout turns the pool to errors.
    private bool WaitForSpace()
    {
        if (Metadata.HasChanged)
        {
            AdvanceTo(_lastCommitNanoseconds + CommitPeriodNanoseconds);
            _ = Commit();
            if (Mode == ThinPoolMode.Write)
                return true;
        }

        if (FailsWithoutSpace)
            return false;
        AdvanceTo(_noSpaceSinceNanoseconds + NoSpaceTimeoutNanoseconds);
        FailsWithoutSpace = true;
        return false;
    }

    private void AdvanceTo(long nanoseconds) => _clock.Advance(Math.Max(0, nanoseconds - _clock.NowNanoseconds));

    private void ResumeWriting()
    {
        Mode = ThinPoolMode.Write;
        FailsWithoutSpace = Options.ErrorIfNoSpace;
    }

    // metadata_operation_failed: the transaction is lost and the pool frozen.
    private void FailMetadata()
    {
        Metadata.Rollback();
        NeedsCheck = true;
        Mode = ThinPoolMode.ReadOnly;
    }
}
