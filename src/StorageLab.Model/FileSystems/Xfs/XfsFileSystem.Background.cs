using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Xfs;

/// <content>The log worker, which writes home every half minute what is dirty.</content>
public sealed partial class XfsFileSystem
{
    /// <summary>Between two runs of the worker.</summary>
    [ModelConstant(ModelPart.Xfs, "nanoseconds", "Linux fs/xfs/xfs_globals.c: syncd_timer of 30 s, fs.xfs.xfssyncd_centisecs")]
    private const long LogWorkPeriodNanoseconds = 30_000_000_000;

    private long? _logWorkDueNanoseconds;

    /// <inheritdoc/>
    /// <remarks>Forces the log and pushes everything in it (fs/xfs/xfs_log.c, xfs_log_worker). The few sectors that cover an idle log are left out.</remarks>
    public override long? RunBackground(VirtualClock clock)
    {
        if (Fault != FsStatus.Ok)
            return null;
        if (clock.NowNanoseconds >= _logWorkDueNanoseconds)
        {
            if (ForceLog() == FsStatus.Ok)
                _ = WriteHome();
            _logWorkDueNanoseconds = null;
        }

        _logWorkDueNanoseconds ??= clock.NowNanoseconds + LogWorkPeriodNanoseconds;
        return _logWorkDueNanoseconds;
    }
}
