using System.IO.Compression;
using StorageLab.Host.Docker;
using StorageLab.Host.Recordings;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;

namespace StorageLab.Host.Machines;

/// <summary>A scenario's run inside a throw-away machine: sets it up, replays on its daemon, and writes the run's folder in the format of recorded runs.</summary>
public sealed class MachineRun(MachineSpec spec, Scenario scenario)
{
    private const string ThinDump = "thin_dump_final.xml.gz";

    /// <summary>Replays; every sample is in trajectory.csv before it is yielded.</summary>
    /// <exception cref="MeasureException">The machine could not be set up, or its daemon did not come up.</exception>
    public IEnumerable<Sample> Run(CancellationToken cancellation)
    {
        using MachineHost host = new(spec);
        (DockerDaemon daemon, DaemonStart start) = host.Start(cancellation);
        string tableAtStart = Command.Output("dmsetup", "table");
        WriteRunFile(host, daemon, tableAtStart, atEnd: null);
        ScenarioFile.Write(scenario, spec.OutFolder);
        DaemonReplay replay = new(scenario, spec.Variant, daemon, host, start, host.PoolDisk);
        using (TrajectoryWriter trajectory = new(spec.OutFolder))
        {
            using IEnumerator<Step> steps = scenario.Steps.GetEnumerator();
            foreach (Sample sample in replay.Run(cancellation))
            {
                Step? step = sample.StepIndex > 0 && steps.MoveNext() ? steps.Current : null;
                trajectory.Add(step, sample, replay.LastStatus);
                yield return sample;
            }
        }

        WriteRunFile(host, replay.Daemon, tableAtStart, atEnd: Command.Output("dmsetup", "status"));
        DaemonDriver driver = replay.Daemon.Driver;
        replay.Daemon.Dispose();
        host.StopDaemon();
        DumpMappings(driver);
        PackLog();
    }

    private void WriteRunFile(MachineHost host, DockerDaemon daemon, string tableAtStart, string? atEnd) =>
        new RunFile(spec, host.Setup, host.DaemonCommand, daemon.Driver)
        {
            Kernel = daemon.Info.KernelVersion ?? "",
            DockerVersion = daemon.Info.ServerVersion ?? "",
            MappingTable = tableAtStart,
            FinalMappingStatus = atEnd,
        }.Write(spec.OutFolder);

    /// <summary>The pool's mappings at the end, from its metadata at rest; without the thin-provisioning tools there are none.</summary>
    private void DumpMappings(DaemonDriver driver)
    {
        string? metadata = driver.MetadataFile;
        if (spec.Variant.Driver == DriverNames.DirectLvm)
        {
            // The devices hold the pool; LVM shows the metadata volume only of one that is not active.
            for (var round = 0; round < 3; round++)
            {
                foreach (string line in Command.Output("dmsetup", "ls", "--target", "thin").Split('\n'))
                    _ = Command.Run("dmsetup", "remove", line.Split('\t')[0]);
            }

            _ = Command.Run("vgchange", "-an", "docker");
            _ = Command.Run("lvchange", "-ay", "-y", "docker/thinpool_tmeta");
            metadata = "/dev/mapper/docker-thinpool_tmeta";
        }

        if (metadata is null)
            return;
        string dump = Command.Output("thin_dump", metadata);
        if (dump.Length == 0)
            return;
        using GZipStream packed = new(File.Create(Path.Combine(spec.OutFolder, ThinDump)), CompressionLevel.Optimal);
        using StreamWriter text = new(packed);
        text.WriteLine(dump);
    }

    private void PackLog()
    {
        string log = Path.Combine(spec.OutFolder, "dockerd.log");
        if (!File.Exists(log))
            return;
        using (FileStream plain = File.OpenRead(log))
        using (GZipStream packed = new(File.Create(log + ".gz"), CompressionLevel.Optimal))
            plain.CopyTo(packed);
        File.Delete(log);
    }
}
