using StorageLab.Model.FileSystems;

namespace StorageLab.Model.Blocks;

/// <summary>A block device on a file of the host: writes fill the sparse file, discards punch holes in it.</summary>
/// <remarks>
/// Attached as Docker does it, without direct I/O: data waits in the host's page cache until a flush, which is an fsync of the whole
/// file. Any error of the file comes up as EIO, a full host included. Source: drivers/block/loop.c (lo_rw_aio, lo_fallocate, lo_req_flush);
/// pkg/loopback/attach_loopback.go.
/// </remarks>
public sealed class LoopDevice : IBlockDevice
{
    private readonly IFileSystem _host;
    private readonly InodeId _file;
    private readonly int _hostBlockBytes;
    private IoCounters _counters;

    /// <param name="host">The mounted file system that holds the file.</param>
    /// <param name="file">The file; its size now is the device's length.</param>
    /// <param name="hostBlockBytes">Block size of the host's file system: the unit in which holes are punched.</param>
    public LoopDevice(IFileSystem host, InodeId file, int hostBlockBytes)
    {
        _host = host;
        _file = file;
        _hostBlockBytes = hostBlockBytes;
        LengthBytes = host.Stat(file).SizeBytes;
    }

    public long LengthBytes { get; }

    public DeviceLimits Limits => new(DiscardGranularityBytes: _hostBlockBytes, MinimumIoBytes: DeviceLimits.SectorBytes, OptimalIoBytes: 0);

    public IoCounters Counters => _counters;

    public IoStatus Read(long offsetBytes, long lengthBytes)
    {
        _counters.ReadCount++;
        _counters.ReadBytes += lengthBytes;
        return ToIoStatus(_host.Read(_file, offsetBytes, lengthBytes));
    }

    public IoStatus Write(long offsetBytes, long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offsetBytes + lengthBytes, LengthBytes, nameof(lengthBytes));
        _counters.WriteCount++;
        _counters.WriteBytes += lengthBytes;
        return ToIoStatus(_host.Write(_file, offsetBytes, lengthBytes));
    }

    public IoStatus Discard(long offsetBytes, long lengthBytes)
    {
        _counters.DiscardCount++;
        _counters.DiscardBytes += lengthBytes;
        return ToIoStatus(_host.PunchHole(_file, offsetBytes, lengthBytes));
    }

    public IoStatus Flush()
    {
        _counters.FlushCount++;
        return ToIoStatus(_host.Fsync(_file));
    }

    private static IoStatus ToIoStatus(FsStatus status) => status == FsStatus.Ok ? IoStatus.Ok : IoStatus.IoError;
}
