using System.Collections.Immutable;
using StorageLab.Host.Docker;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Scenarios;

namespace StorageLab.Cli.Measuring;

/// <summary>Runs a scenario on a daemon that others use too: nothing of theirs is touched, and what was made is removed, however the run ends.</summary>
internal sealed class SharedDaemonReplay : IDisposable
{
    private readonly DockerDaemon _daemon;
    private readonly FileStream _lock;

    private SharedDaemonReplay(DockerDaemon daemon, FileStream held) => (_daemon, _lock) = (daemon, held);

    /// <summary>Connects, and refuses what cannot be measured or would touch what is there.</summary>
    /// <param name="endpoint">The daemon's socket.</param>
    /// <param name="scenario">What is to be done; its variants are narrowed to the daemon's driver.</param>
    /// <exception cref="MeasureException">It cannot be measured; nothing was done.</exception>
    public static SharedDaemonReplay Open(Uri endpoint, ref Scenario scenario, ScenarioOverrides overrides)
    {
        DockerDaemon daemon = DockerDaemon.Open(endpoint, CancellationToken.None);
        FileStream? held = null;
        try
        {
            scenario = scenario with { Variants = [VariantOf(daemon, scenario, overrides)] };
            if (daemon.Info.Architecture != PauseProgram.Architecture)
                throw new MeasureException($"the daemon's machine is {daemon.Info.Architecture}; containers of listed images start on {PauseProgram.Architecture} only");
            if (!Environment.IsPrivilegedProcess)
                throw new MeasureException("the disk under a daemon and its containers' files can be read by root only; run it with sudo, or measure with --machine uml");
            if (!Directory.Exists(daemon.Driver.RootFolder))
                throw new MeasureException($"{daemon.Driver.RootFolder}: Docker's root is not on this machine (a desktop's daemon has one of its own); run the lab where the daemon runs");
            held = Lock(endpoint);
            StepPlan.Of(scenario.Steps).Check(daemon, new SharedHost(), CancellationToken.None);
            Clean(daemon);
            return new SharedDaemonReplay(daemon, held);
        }
        catch
        {
            held?.Dispose();
            daemon.Dispose();
            throw;
        }
    }

    /// <summary>What ended the run early; null when nothing did.</summary>
    public string? Failure { get; private set; }

    public IEnumerable<Sample> Replay(Scenario scenario, VariantSpec variant, CancellationToken stop)
    {
        using IEnumerator<Sample> samples = new DaemonReplay(scenario, variant, _daemon, new SharedHost()).Run(stop).GetEnumerator();
        try
        {
            while (MoveNext(samples))
                yield return samples.Current;
        }
        finally
        {
            TryClean();
        }
    }

    /// <summary>A daemon that goes away ends the run; what was measured stands.</summary>
    private bool MoveNext(IEnumerator<Sample> samples)
    {
        try
        {
            return samples.MoveNext();
        }
        catch (MeasureException e)
        {
            Failure = e.Message;
            return false;
        }
    }

    private void TryClean()
    {
        try
        {
            Clean(_daemon);
        }
        catch (Exception e) when (e is MeasureException or DaemonException)
        {
            Terminal.Complain($"what was made could not be removed, and carries the label {ImageArchive.Label}={ImageArchive.LabelValue}: {e.Message}");
        }
    }

    public void Dispose()
    {
        _daemon.Dispose();
        _lock.Dispose();
    }

    private static VariantSpec VariantOf(DockerDaemon daemon, Scenario scenario, ScenarioOverrides overrides)
    {
        string driver = daemon.Driver.LabDriver
            ?? throw new MeasureException($"the daemon's storage driver is {daemon.Driver.Driver}; {string.Join(", ", DriverNames.All)} are measured");
        VariantSpec? known = scenario.Variants.FirstOrDefault(variant => variant.Driver == driver);
        if (known is null && !overrides.Drivers.IsDefaultOrEmpty)
            throw new MeasureException($"--driver {overrides.Drivers[0]}: the daemon's storage driver is {driver}; measure another one with --machine uml");
        // Options and host are the daemon's, not the scenario's.
        return new VariantSpec { Name = driver, Driver = driver, Host = (known ?? scenario.Variants[0]).Host with { Name = daemon.Info.Name ?? "host", Kernel = daemon.Kernel } };
    }

    /// <summary>Two measurements on one daemon would remove each other's images.</summary>
    private static FileStream Lock(Uri endpoint)
    {
        string path = Path.Combine(Path.GetTempPath(), $"storagelab-{string.Concat(endpoint.LocalPath.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'))}.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            throw new MeasureException($"{endpoint}: another measurement is under way on this daemon");
        }
    }

    private static void Clean(DockerDaemon daemon)
    {
        ImmutableArray<string> left = daemon.RemoveOurs();
        foreach (string line in left)
            Terminal.Complain($"could not be removed, and carries the label {ImageArchive.Label}={ImageArchive.LabelValue}: {line}");
    }
}
