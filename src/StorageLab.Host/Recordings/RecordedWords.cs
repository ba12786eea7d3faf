using StorageLab.Model.Replay;

namespace StorageLab.Host.Recordings;

/// <summary>The words of recorded runs for a scenario's steps.</summary>
internal static class RecordedWords
{
    /// <summary>What a recording calls the daemon's first start.</summary>
    public const string DaemonStart = "daemon_start";

    /// <returns>The word in scenario.json and trajectory.csv; a pull is recorded as the load that it was.</returns>
    public static string Of(Step step) => step switch
    {
        Step.Pull or Step.Load => "load",
        Step.Tag => "tag",
        Step.Run => "run",
        Step.CreateContainer => "create",
        Step.Start => "start",
        Step.Stop => "stop",
        Step.RemoveContainer => "rm",
        Step.RemoveImage => "rmi",
        Step.PruneImages => "prune",
        Step.PruneContainers => "prune_containers",
        Step.Commit => "commit",
        Step.Build => "build",
        Step.Write => "write",
        Step.Fstrim => "fstrim",
        Step.FstrimHost => "fstrim_host",
        Step.SystemDf => "df",
        Step.RestartDaemon => "restart_daemon",
        Step.Wait => "sleep",
        Step.DropCaches => "drop_caches",
        Step.Observe => "nop",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "no such step"),
    };
}
