using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;

namespace StorageLab.Model.FileSystems.Xfs;

/// <content>The log worker, which writes home every half minute what is dirty.</content>
public sealed partial class XfsFileSystem
{
    /// <summary>Between two runs of the worker: fs.xfs.xfssyncd_centisecs, 30 s.</summary>
    [ModelConstant(ModelPart.Xfs, "ns", "Linux fs/xfs/xfs_globals.c: xfs_params, syncd_timer")]
    private const long LogWorkPeriodNanoseconds = 30_000_000_000;

    private long? _logWorkDueNanoseconds;

    /// <inheritdoc/>
    /// <remarks>Forces the log and pushes everything in it; a log that has been idle since is covered instead (fs/xfs/xfs_log.c, xfs_log_worker).</remarks>
    public override long? RunBackground(VirtualClock clock)
    {
        if (Fault != FsStatus.Ok)
            return null;
        if (clock.NowNanoseconds >= _logWorkDueNanoseconds)
        {
            if (_log.IsEmpty && !_log.HasHomeBlocks && _coversDue > 0)
            {
                _coversDue--;
                _ = LogSuperblock();
            }
            else if (ForceLog() == FsStatus.Ok)
                _ = WriteHome();

            _logWorkDueNanoseconds = null;
        }

        _logWorkDueNanoseconds ??= clock.NowNanoseconds + LogWorkPeriodNanoseconds;
        return _logWorkDueNanoseconds;
    }
}
