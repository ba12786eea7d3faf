using StorageLab.Model.Drivers;
using StorageLab.Model.Images;

namespace StorageLab.Model.Replay;

/// <summary>A host with its driver and its daemon, ready for commands: what scenarios and Docker's command line work on.</summary>
public sealed class LabHost
{
    /// <summary>Installs the host, stacks the driver on it and starts the daemon.</summary>
    /// <param name="variant">Driver, options and host.</param>
    /// <param name="seed">Decides the ids the daemon draws.</param>
    /// <param name="names">Names of the paths of images and steps.</param>
    /// <exception cref="ArgumentException">The host cannot hold the driver: its disk is too small, or an option is wrong.</exception>
    public LabHost(VariantSpec variant, ulong seed, NameTable names)
    {
        Variant = variant;
        Seed = seed;
        StorageOptions options = StorageOptions.Parse(variant.Driver, variant.Options, out var problems);
        if (problems.Length > 0)
            throw new ArgumentException(problems[0].Message, nameof(variant));
        Machine = HostMachine.Install(variant.Host, names);
        DaemonStartNanoseconds = Machine.Clock.NowNanoseconds;
        Driver = DriverKinds.Of(variant.Driver).Build(Machine, options);
        Engine = new DockerEngine(Machine, Driver, seed);
        Process = new ContainerProcess(names);
    }

    public VariantSpec Variant { get; }

    public ulong Seed { get; }

    public HostMachine Machine { get; }

    /// <summary>When the daemon began its first start, on the host's clock.</summary>
    public long DaemonStartNanoseconds { get; }

    public IGraphDriver Driver { get; }

    public DockerEngine Engine { get; }

    /// <summary>Runs what processes do in containers.</summary>
    public ContainerProcess Process { get; }
}
