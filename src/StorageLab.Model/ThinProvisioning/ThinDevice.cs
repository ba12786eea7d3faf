using System.Numerics;
using System.Runtime.CompilerServices;
using StorageLab.Model.Blocks;

namespace StorageLab.Model.ThinProvisioning;

/// <summary>One active device of a pool: reads and writes go to the blocks it maps, writes elsewhere map new ones.</summary>
/// <remarks>
/// A mapping counts as shared when it is older than the device's last snapshot, whatever its reference count: so the last of several owners
/// copies a block once
/// more than it needs to. Source: drivers/md/dm-thin.c, process_cell, and dm-thin-metadata.c, __snapshotted_since.
/// </remarks>
public sealed class ThinDevice : IBlockDevice
{
    private readonly ThinPool _pool;
    private readonly ThinMetadata _metadata;
    private readonly ThinDeviceState _state;
    private readonly IBlockDevice _data;
    private readonly long _blockBytes;

    // log2 of the block size, or -1: a block size need not be a power of two.
    private readonly int _blockShift;
    private IoCounters _counters;
    private bool _isClosed;

    internal ThinDevice(ThinPool pool, ThinDeviceState state, long lengthBytes)
    {
        _pool = pool;
        _metadata = pool.Metadata;
        _state = state;
        _data = pool.Data;
        _blockBytes = pool.Options.DataBlockBytes;
        _blockShift = BitOperations.IsPow2(_blockBytes) ? BitOperations.TrailingZeroCount(_blockBytes) : -1;
        LengthBytes = lengthBytes;
        Limits = ThinDeviceLimits.For(pool.Options, pool.Data.Limits);
    }

    public int DeviceId => (int)_state.Id;

    public long LengthBytes { get; }

    public DeviceLimits Limits { get; }

    public IoCounters Counters => _counters;

    /// <summary>Blocks the device maps now.</summary>
    public long MappedBlockCount => _state.MappedBlockCount;

    /// <summary>Reads; what is not mapped reads as zeroes without a request below.</summary>
    public IoStatus Read(long offsetBytes, long lengthBytes)
    {
        CheckExtent(offsetBytes, lengthBytes);
        _counters.ReadCount++;
        _counters.ReadBytes += lengthBytes;
        ref IoCounters all = ref _pool.ThinCountersRef();
        all.ReadCount++;
        all.ReadBytes += lengthBytes;
        long block = BlockOf(offsetBytes);
        long inBlock = offsetBytes - (block * _blockBytes);
        if (lengthBytes > _blockBytes - inBlock)
            return ReadBlocks(offsetBytes, offsetBytes + lengthBytes);
        uint entry = _metadata.Lookup(_state, block);
        return entry == MappingIndex.Unmapped || lengthBytes == 0 ? IoStatus.Ok : _data.Read(Target(entry, inBlock), lengthBytes);
    }

    /// <summary>Writes; maps a new block where none is, copies one that is shared. A failure leaves the blocks before it written.</summary>
    /// <returns>NoSpace when the pool is full and does not wait (any more), IoError when its metadata are read-only or a device below
    /// failed.</returns>
    public IoStatus Write(long offsetBytes, long lengthBytes)
    {
        CheckExtent(offsetBytes, lengthBytes);
        _counters.WriteCount++;
        _counters.WriteBytes += lengthBytes;
        ref IoCounters all = ref _pool.ThinCountersRef();
        all.WriteCount++;
        all.WriteBytes += lengthBytes;
        long block = BlockOf(offsetBytes);
        long inBlock = offsetBytes - (block * _blockBytes);
        if (lengthBytes > _blockBytes - inBlock || lengthBytes == 0)
            return WriteBlocks(offsetBytes, offsetBytes + lengthBytes);
        uint entry = _metadata.Lookup(_state, block);
        if (entry >= MappingIndex.SharedBit)
        {
            IoStatus remapped = _pool.Remap(_state, block, lengthBytes == _blockBytes, ref entry);
            if (remapped != IoStatus.Ok)
                return remapped;
        }

        return _data.Write(Target(entry, inBlock), lengthBytes);
    }

    /// <summary>Unmaps the blocks that lie wholly in the extent; a smaller extent succeeds and does nothing.</summary>
    public IoStatus Discard(long offsetBytes, long lengthBytes)
    {
        CheckExtent(offsetBytes, lengthBytes);
        _counters.DiscardCount++;
        _counters.DiscardBytes += lengthBytes;
        ref IoCounters all = ref _pool.ThinCountersRef();
        all.DiscardCount++;
        all.DiscardBytes += lengthBytes;
        long begin = BlockOf(offsetBytes + _blockBytes - 1);
        long end = BlockOf(offsetBytes + lengthBytes);
        return begin < end ? _pool.DiscardBlocks(_state, begin, end) : IoStatus.Ok;
    }

    /// <summary>Makes everything durable: commits the pool's metadata if this device changed them, and flushes the data device.</summary>
    public IoStatus Flush()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        _counters.FlushCount++;
        _pool.ThinCountersRef().FlushCount++;
        return _pool.FlushFor(_state);
    }

    /// <summary>Deactivates the device; a pool does not delete a device that is active.</summary>
    public void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _pool.Close(_state);
    }

    // Requests over several blocks: what lies side by side below goes down in one request, as the block layer merges it.
    private IoStatus ReadBlocks(long offsetBytes, long end)
    {
        long runOffset = 0;
        long runLength = 0;
        while (offsetBytes < end)
        {
            long block = BlockOf(offsetBytes);
            long inBlock = offsetBytes - (block * _blockBytes);
            long length = Math.Min(_blockBytes - inBlock, end - offsetBytes);
            uint entry = _metadata.Lookup(_state, block);
            offsetBytes += length;
            if (entry == MappingIndex.Unmapped)
                continue;
            long target = Target(entry, inBlock);
            if (target == runOffset + runLength && runLength > 0)
            {
                runLength += length;
                continue;
            }

            if (runLength > 0 && _data.Read(runOffset, runLength) is var status and not IoStatus.Ok)
                return status;
            runOffset = target;
            runLength = length;
        }

        return runLength > 0 ? _data.Read(runOffset, runLength) : IoStatus.Ok;
    }

    private IoStatus WriteBlocks(long offsetBytes, long end)
    {
        long runOffset = 0;
        long runLength = 0;
        while (offsetBytes < end)
        {
            long block = BlockOf(offsetBytes);
            long inBlock = offsetBytes - (block * _blockBytes);
            long length = Math.Min(_blockBytes - inBlock, end - offsetBytes);
            uint entry = _metadata.Lookup(_state, block);
            if (entry >= MappingIndex.SharedBit)
            {
                IoStatus remapped = _pool.Remap(_state, block, length == _blockBytes, ref entry);
                if (remapped != IoStatus.Ok)
                    return runLength > 0 && _data.Write(runOffset, runLength) is var failed and not IoStatus.Ok ? failed : remapped;
            }

            long target = Target(entry, inBlock);
            offsetBytes += length;
            if (target == runOffset + runLength && runLength > 0)
            {
                runLength += length;
                continue;
            }

            if (runLength > 0 && _data.Write(runOffset, runLength) is var status and not IoStatus.Ok)
                return status;
            runOffset = target;
            runLength = length;
        }

        return runLength > 0 ? _data.Write(runOffset, runLength) : IoStatus.Ok;
    }

    private long Target(uint entry, long inBlock) => ((entry & ~MappingIndex.SharedBit) * _blockBytes) + inBlock;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long BlockOf(long offsetBytes) => _blockShift >= 0 ? offsetBytes >> _blockShift : offsetBytes / _blockBytes;

    private void CheckExtent(long offsetBytes, long lengthBytes)
    {
        if (_isClosed || offsetBytes < 0 || lengthBytes < 0 || offsetBytes > LengthBytes - lengthBytes)
            ThrowBadExtent(offsetBytes, lengthBytes);
    }

    private void ThrowBadExtent(long offsetBytes, long lengthBytes)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        throw new ArgumentOutOfRangeException(
            nameof(offsetBytes), $"{lengthBytes} bytes at {offsetBytes} are not inside a device of {LengthBytes} bytes");
    }
}
