using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;

namespace StorageLab.Model.Replay;

/// <summary>Does a scenario's steps on a host.</summary>
public sealed class StepRunner(LabHost host)
{
    private readonly ImageBuilder _builder = new(host.Engine, host.Process);
    private readonly List<RemovalRecord> _records = [];

    /// <summary>Does one step.</summary>
    /// <param name="operation">The step's word in samples.</param>
    /// <param name="target">What it was done to.</param>
    public DockerOutcome Do(Step step, out string operation, out string target)
    {
        _records.Clear();
        (operation, target) = Describe(step);
        return step switch
        {
            Step.Pull pull => host.Engine.Pull(pull.Image, pull.Name, out _),
            Step.Load load => host.Engine.Load(load.Image),
            Step.Tag tag => host.Engine.Tag(tag.Reference, tag.NewReference),
            Step.Run run => Run(run),
            Step.CreateContainer create => host.Engine.CreateContainer(create.Reference, create.Container, out _, create.Program),
            Step.Start start => host.Engine.Start(start.Container),
            Step.Stop stop => host.Engine.Stop(stop.Container),
            Step.RemoveContainer remove => host.Engine.RemoveContainer(remove.Container, remove.Force),
            Step.RemoveImage remove => host.Engine.RemoveImage(remove.Reference, remove.Force, _records),
            Step.PruneImages prune => host.Engine.PruneImages(prune.All, _records),
            Step.PruneContainers => host.Engine.PruneContainers(),
            Step.Commit commit => Commit(commit),
            Step.Build build => _builder.Build(build),
            Step.Write write => Write(write),
            Step.Fstrim fstrim => Fstrim(fstrim),
            Step.FstrimHost => Trim(host.Machine.FileSystem.Trim(out _), "/var/lib/docker"),
            Step.SystemDf systemDf => SystemDf(systemDf),
            Step.RestartDaemon => host.Engine.Restart(),
            Step.Wait wait => Wait(wait),
            Step.DropCaches => DropCaches(),
            Step.Observe => DockerOutcome.Ok,
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, "no such step"),
        };
    }

    /// <summary>A step in samples: its word, and what it is done to.</summary>
    public static (string Operation, string Target) Describe(Step step) => step switch
    {
        Step.Pull pull => ("pull", pull.Image.Tag),
        Step.Load load => ("load", load.Image.Tag),
        Step.Tag tag => ("tag", $"{tag.Reference} {tag.NewReference}"),
        Step.Run run => ("run", $"{run.Container} {run.Reference}"),
        Step.CreateContainer create => ("create", $"{create.Container} {create.Reference}"),
        Step.Start start => ("start", start.Container),
        Step.Stop stop => ("stop", stop.Container),
        Step.RemoveContainer remove => ("rm", remove.Container),
        Step.RemoveImage remove => ("rmi", remove.Reference),
        Step.PruneImages prune => ("prune", prune.All ? "images -a" : "images"),
        Step.PruneContainers => ("prune", "containers"),
        Step.Commit commit => ("commit", $"{commit.Container} {commit.NewReference}"),
        Step.Build build => ("build", build.NewReference),
        Step.Write write => ("write", write.Container),
        Step.Fstrim fstrim => ("fstrim", fstrim.Container),
        Step.FstrimHost => ("fstrim-host", "/var/lib/docker"),
        Step.SystemDf => ("system-df", ""),
        Step.RestartDaemon => ("restart-daemon", ""),
        Step.Wait => ("wait", ""),
        Step.DropCaches => ("drop-caches", ""),
        _ => ("observe", ""),
    };

    private DockerOutcome Run(Step.Run run)
    {
        DockerOutcome outcome = host.Engine.CreateContainer(run.Reference, run.Container, out Container? container, run.Program);
        if (!outcome.IsOk)
            return outcome;
        // The rest of the time goes to containerd and runc (recorded kernel logs: of 19 s, the container was mounted after 4).
        host.Machine.Pace.PassQuarter();
        return host.Engine.Start(container!);
    }

    private DockerOutcome Commit(Step.Commit commit)
    {
        if (ImageName.TryParse(commit.NewReference, out string? error) is not { } name)
            return DockerOutcome.Refused(error!);
        return host.Engine.Containers.Find(commit.Container, out DockerOutcome refusal) is { } container
            ? host.Engine.Commit(container, name, new CommitDescription(), out _)
            : refusal;
    }

    private DockerOutcome SystemDf(Step.SystemDf systemDf)
    {
        DockerOutcome outcome = DockerOutcome.Ok;
        host.Machine.Pace.Plan(systemDf.Times * (long)host.Engine.Containers.Count);
        for (var time = 0; time < systemDf.Times && outcome.IsOk; time++)
            outcome = host.Engine.SystemDf();
        return outcome;
    }

    private DockerOutcome Write(Step.Write write)
    {
        if (!TryGetRunning(write.Container, out Container? container, out DockerOutcome refusal))
            return refusal;
        FsStatus status = host.Process.Run(container!.Tree!, container.Changes, write.Operations, out string? error);
        return status switch
        {
            FsStatus.Ok => DockerOutcome.Ok,
            // A wrong path is the process's mistake; a device that gives out is the storage's.
            FsStatus.NoSpace or FsStatus.IoError or FsStatus.ReadOnly => new DockerOutcome(StepResult.Failed, error!),
            _ => new DockerOutcome(StepResult.Refused, error!),
        };
    }

    private DockerOutcome Fstrim(Step.Fstrim fstrim) =>
        TryGetRunning(fstrim.Container, out Container? container, out DockerOutcome refusal)
            ? Trim(container!.Tree!.Trim(out _), fstrim.Container)
            : refusal;

    private static DockerOutcome Trim(FsStatus status, string target) => status switch
    {
        FsStatus.Ok => DockerOutcome.Ok,
        FsStatus.NotSupported => new DockerOutcome(StepResult.Refused, $"fstrim: {target}: the discard operation is not supported"),
        _ => new DockerOutcome(StepResult.Failed, $"fstrim: {target}: FITRIM ioctl failed: {ErrnoText.Of(status)}"),
    };

    private bool TryGetRunning(string name, out Container? container, out DockerOutcome refusal)
    {
        container = host.Engine.Containers.Find(name, out refusal);
        if (container is { IsRunning: false })
            refusal = DockerOutcome.Refused($"Container {container.Id} is not running");
        return refusal.IsOk;
    }

    private DockerOutcome Wait(Step.Wait wait)
    {
        host.Machine.PassTimeUntil(host.Machine.Clock.NowNanoseconds + wait.Nanoseconds);
        return DockerOutcome.Ok;
    }

    private DockerOutcome DropCaches()
    {
        host.Driver.DropCaches();
        return DockerOutcome.Ok;
    }
}
