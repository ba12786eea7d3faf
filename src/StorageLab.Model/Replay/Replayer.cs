using System.Collections.Immutable;
using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;

namespace StorageLab.Model.Replay;

/// <summary>Replays a scenario's steps on one driver of one host and takes a sample after each.</summary>
/// <remarks>Nothing is shared between two replays but immutable images and the name table, so variants run side by side on threads.</remarks>
public sealed class Replayer
{
    private static readonly Floor[] Floors = Enum.GetValues<Floor>();

    private readonly Scenario _scenario;
    private readonly VariantSpec _variant;
    private readonly string _optionsText;
    private readonly HostMachine _host;
    private readonly ContainerProcess _process;
    private readonly ImageBuilder _builder;
    private readonly IoCounters?[] _countersBefore = new IoCounters?[Floors.Length];
    private readonly List<string> _records = [];
    private readonly ImmutableArray<StepConditions> _conditions;
    private readonly long _daemonStartNanoseconds;
    private long _contentBytesBefore;

    /// <summary>Installs the host, stacks the driver on it and starts the daemon.</summary>
    /// <param name="conditions">For a recorded run, what is known of every step, the daemon's start first; else nothing.</param>
    /// <exception cref="ArgumentException">The host cannot hold the driver: its disk is too small, or an option is wrong.</exception>
    public Replayer(Scenario scenario, VariantSpec variant, ImmutableArray<StepConditions> conditions = default)
    {
        _conditions = conditions;
        _scenario = scenario;
        _variant = variant;
        _optionsText = string.Join(' ', variant.Options.Select(option => $"{option.Key}={option.Value}"));
        StorageOptions options = StorageOptions.Parse(variant.Driver, variant.Options, out var problems);
        if (problems.Length > 0)
            throw new ArgumentException(problems[0].Message, nameof(variant));
        _host = HostMachine.Install(variant.Host, scenario.Names);
        _daemonStartNanoseconds = _host.Clock.NowNanoseconds;
        Driver = DriverKinds.Of(variant.Driver).Build(_host, options);
        Engine = new DockerEngine(_host, Driver, scenario.Seed);
        _process = new ContainerProcess(scenario.Names);
        _builder = new ImageBuilder(Engine, _process);
    }

    public IGraphDriver Driver { get; }

    public DockerEngine Engine { get; }

    /// <summary>Sample 0, of the daemon's first start, and one per step, taken as they are asked for.</summary>
    public IEnumerable<Sample> Run(CancellationToken cancellation)
    {
        EndStep(0);
        yield return TakeSample(0, "daemon-start", "", DockerOutcome.Ok, startNanoseconds: 0);
        var index = 0;
        foreach (Step step in _scenario.Steps)
        {
            if (cancellation.IsCancellationRequested)
                yield break;
            BeginStep(++index);
            long startNanoseconds = _host.Clock.NowNanoseconds;
            RememberCounters();
            DockerOutcome outcome = Do(step, out string operation, out string target);
            EndStep(index);
            yield return TakeSample(index, operation, target, outcome, startNanoseconds);
        }
    }

    /// <summary>Recorded steps do not follow each other at once: the recording program took its sample and synced again.</summary>
    private void BeginStep(int index)
    {
        if (_conditions.IsDefaultOrEmpty)
            return;
        _host.PassTimeUntil(_daemonStartNanoseconds + _conditions[index].StartNanoseconds);
        Driver.Sync();
        _host.HeldDeviceCount = _conditions[index].HeldDeviceCount;
        _host.Pace.BeginStep(_daemonStartNanoseconds + _conditions[index].EndNanoseconds);
    }

    private void EndStep(int index)
    {
        _host.PassTimeUntil(_conditions.IsDefaultOrEmpty ? _host.Clock.NowNanoseconds : _daemonStartNanoseconds + _conditions[index].EndNanoseconds);
        Driver.Sync();
    }

    private DockerOutcome Do(Step step, out string operation, out string target)
    {
        _records.Clear();
        (operation, target) = Describe(step);
        return step switch
        {
            Step.Pull pull => Engine.Pull(pull.Image),
            Step.Load load => Engine.Load(load.Image),
            Step.Tag tag => Engine.Tag(tag.Reference, tag.NewReference),
            Step.Run run => Run(run),
            Step.CreateContainer create => Engine.CreateContainer(create.Reference, create.Container, out _, create.Program),
            Step.Start start => Engine.Start(start.Container),
            Step.Stop stop => Engine.Stop(stop.Container),
            Step.RemoveContainer remove => Engine.RemoveContainer(remove.Container, remove.Force),
            Step.RemoveImage remove => Engine.RemoveImage(remove.Reference, remove.Force, _records),
            Step.PruneImages prune => Engine.PruneImages(prune.All, _records),
            Step.PruneContainers => Engine.PruneContainers(),
            Step.Commit commit => Commit(commit),
            Step.Build build => _builder.Build(build),
            Step.Write write => Write(write),
            Step.Fstrim fstrim => Fstrim(fstrim),
            Step.FstrimHost => Trim(_host.FileSystem.Trim(out _), "/var/lib/docker"),
            Step.SystemDf systemDf => SystemDf(systemDf),
            Step.RestartDaemon => Engine.Restart(),
            Step.Wait wait => Wait(wait),
            Step.DropCaches => DropCaches(),
            Step.Observe => DockerOutcome.Ok,
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, "no such step"),
        };
    }

    private static (string Operation, string Target) Describe(Step step) => step switch
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
        DockerOutcome outcome = Engine.CreateContainer(run.Reference, run.Container, out Container? container, run.Program);
        return outcome.IsOk ? Engine.Start(container!) : outcome;
    }

    private DockerOutcome Commit(Step.Commit commit) =>
        Engine.Containers.TryGet(commit.Container, out Container? container)
            ? Engine.Commit(container!, commit.NewReference, instruction: "", out _)
            : DockerOutcome.Refused($"No such container: {commit.Container}");

    private DockerOutcome SystemDf(Step.SystemDf systemDf)
    {
        DockerOutcome outcome = DockerOutcome.Ok;
        for (var time = 0; time < systemDf.Times && outcome.IsOk; time++)
            outcome = Engine.SystemDf();
        return outcome;
    }

    private DockerOutcome Write(Step.Write write)
    {
        if (!TryGetRunning(write.Container, out Container? container, out DockerOutcome refusal))
            return refusal;
        FsStatus status = _process.Run(container!.Tree!, container.Changes, write.Operations, out string? error);
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
        refusal = DockerOutcome.Ok;
        if (!Engine.Containers.TryGet(name, out container))
            refusal = DockerOutcome.NotFound($"No such container: {name}");
        else if (!container!.IsRunning)
            refusal = DockerOutcome.Refused($"Container {container.Id} is not running");
        return refusal.IsOk;
    }

    private DockerOutcome Wait(Step.Wait wait)
    {
        _host.PassTimeUntil(_host.Clock.NowNanoseconds + wait.Nanoseconds);
        return DockerOutcome.Ok;
    }

    private DockerOutcome DropCaches()
    {
        Driver.DropCaches();
        return DockerOutcome.Ok;
    }

    private void RememberCounters()
    {
        foreach (Floor floor in Floors)
            _countersBefore[(int)floor] = Driver.CountersAt(floor);
        _contentBytesBefore = ContentBytes();
    }

    private long ContentBytes() => Engine.Layers.UnpackedBytes + _process.WrittenBytes;

    private Sample TakeSample(int index, string operation, string target, DockerOutcome outcome, long startNanoseconds)
    {
        var floors = new IoCounters?[Floors.Length];
        foreach (Floor floor in Floors)
        {
            IoCounters before = _countersBefore[(int)floor] ?? default;
            floors[(int)floor] = Driver.CountersAt(floor)?.Since(before);
        }

        floors[(int)Floor.Content] = new IoCounters { WriteBytes = ContentBytes() - _contentBytesBefore };
        FsUsage usage = _host.FileSystem.Usage;
        return Driver.Observe(new Sample
        {
            Scenario = _scenario.Name,
            Variant = _variant.Name,
            Driver = _variant.Driver,
            Options = _optionsText,
            Engine = "model",
            Seed = _scenario.Seed,
            StepIndex = index,
            Operation = operation,
            Target = target,
            Result = outcome.Result,
            Error = outcome.Error,
            ElapsedNanoseconds = _host.Clock.NowNanoseconds,
            StepNanoseconds = _host.Clock.NowNanoseconds - startNanoseconds,
            LiveLayersBytes = Engine.Layers.TotalBytes,
            LiveContainersBytes = Engine.MeasureContainersBytes(),
            LayerCount = Engine.Layers.Count,
            ImageCount = Engine.Images.ListedCount,
            DanglingImageCount = Engine.Images.DanglingCount,
            ContainerCount = Engine.Containers.Count,
            RunningContainerCount = Engine.Containers.RunningCount,
            BackingAllocatedBytes = 0,
            HostFsTotalBytes = usage.TotalBytes,
            HostFsUsedBytes = usage.UsedBytes,
            HostFsUsedInodes = usage.UsedInodeCount,
            PageCacheBytes = 0,
            Floors = floors,
        });
    }
}
