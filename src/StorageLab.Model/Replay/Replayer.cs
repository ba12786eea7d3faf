using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;

namespace StorageLab.Model.Replay;

/// <summary>Replays a scenario's steps on one driver of one host and takes a sample after each.</summary>
/// <remarks>Nothing is shared between two replays but immutable images and the name table, so variants run side by side on threads.</remarks>
public sealed class Replayer
{
    private readonly Scenario _scenario;
    private readonly LabHost _host;
    private readonly StepRunner _steps;
    private readonly StepSampler _sampler;
    private readonly ImmutableArray<StepConditions> _conditions;

    /// <summary>Installs the host, stacks the driver on it and starts the daemon.</summary>
    /// <param name="conditions">For a recorded run, what is known of every step, the daemon's start first; else nothing.</param>
    /// <exception cref="ArgumentException">The host cannot hold the driver: its disk is too small, or an option is wrong.</exception>
    public Replayer(Scenario scenario, VariantSpec variant, ImmutableArray<StepConditions> conditions = default)
    {
        _scenario = scenario;
        _conditions = conditions;
        _host = new LabHost(variant, scenario.Seed, scenario.Names);
        _steps = new StepRunner(_host);
        _sampler = new StepSampler(_host, scenario.Name);
    }

    /// <summary>The host after the steps done so far.</summary>
    public LabHost Host => _host;

    public IGraphDriver Driver => _host.Driver;

    public DockerEngine Engine => _host.Engine;

    /// <summary>Sample 0, of the daemon's first start, and one per step, taken as they are asked for.</summary>
    public IEnumerable<Sample> Run(CancellationToken cancellation)
    {
        EndStep(0);
        yield return _sampler.Take(0, "daemon-start", "", DockerOutcome.Ok);
        var index = 0;
        foreach (Step step in _scenario.Steps)
        {
            if (cancellation.IsCancellationRequested)
                yield break;
            BeginStep(++index);
            _sampler.Begin();
            DockerOutcome outcome = _steps.Do(step, out string operation, out string target);
            EndStep(index);
            yield return _sampler.Take(index, operation, target, outcome);
        }
    }

    /// <summary>Recorded steps do not follow each other at once: the recording program took its sample and synced again.</summary>
    private void BeginStep(int index)
    {
        if (_conditions.IsDefaultOrEmpty)
            return;
        _host.Machine.PassTimeUntil(_host.DaemonStartNanoseconds + _conditions[index].StartNanoseconds);
        Driver.Sync();
        _host.Machine.HeldDeviceCount = _conditions[index].HeldDeviceCount;
        _host.Machine.IsShutdownForced = _conditions[index].IsShutdownForced;
        _host.Machine.Pace.BeginStep(_host.DaemonStartNanoseconds + _conditions[index].EndNanoseconds);
    }

    private void EndStep(int index)
    {
        _host.Machine.PassTimeUntil(
            _conditions.IsDefaultOrEmpty ? _host.Machine.Clock.NowNanoseconds : _host.DaemonStartNanoseconds + _conditions[index].EndNanoseconds);
        Driver.Sync();
    }
}
