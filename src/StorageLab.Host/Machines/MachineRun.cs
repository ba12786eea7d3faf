using System.IO.Compression;
using System.Text.Json;
using StorageLab.Host.Docker;
using StorageLab.Host.Recordings;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;

namespace StorageLab.Host.Machines;

/// <summary>A scenario's run inside a throw-away machine: sets it up, replays on its daemon, and writes the run's folder in the format of recorded runs.</summary>
public sealed class MachineRun(MachineSpec spec, Scenario scenario)
{
    private const string RunFile = "run.json";
    private const string ThinDump = "thin_dump_final.xml.gz";

    /// <summary>Replays; every sample is in trajectory.csv before it is yielded.</summary>
    /// <exception cref="MeasureException">The machine could not be set up, or its daemon did not come up.</exception>
    public IEnumerable<Sample> Run(CancellationToken cancellation)
    {
        using MachineHost host = new(spec);
        (DockerDaemon daemon, DaemonStart start) = host.Start(cancellation);
        string tableAtStart = Command.Output("dmsetup", "table");
        WriteRunFile(host, daemon, tableAtStart, atEnd: null);
        using (FileStream file = File.Create(Path.Combine(spec.OutFolder, "scenario.json")))
            ScenarioFile.Write(scenario, file);
        DaemonReplay replay = new(scenario, spec.Variant, daemon, host, start, host.PoolDisk);
        using (TrajectoryWriter trajectory = new(Path.Combine(spec.OutFolder, "trajectory.csv")))
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

    private void WriteRunFile(MachineHost host, DockerDaemon daemon, string tableAtStart, string? atEnd)
    {
        using FileStream file = File.Create(Path.Combine(spec.OutFolder, RunFile));
        using Utf8JsonWriter json = new(file, RecordedJson.Options);
        json.WriteStartObject();
        json.WriteString("run_id", spec.RunId);
        json.WriteString("driver", spec.Variant.Driver);
        json.WriteString("storage_disk_fs", spec.Variant.Host.FileSystem);
        json.WriteString("kernel", daemon.Info.KernelVersion);
        json.WriteString("docker_version", daemon.Info.ServerVersion);
        json.WriteStartArray("storage_opts");
        foreach (string option in spec.StorageOptions)
            json.WriteStringValue(option);
        json.WriteEndArray();
        json.WriteString("docker_tmpdir", "tmpfs");
        json.WriteNumber("storage_disk_bytes", spec.Variant.Host.DiskBytes);
        json.WriteStartArray("setup_commands");
        foreach (SetupCommand command in host.Setup)
        {
            json.WriteStartObject();
            json.WriteString("command", command.Text);
            json.WriteNumber("rc", command.ExitCode);
            json.WriteString("output", command.Output);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("dockerd_args");
        foreach (string argument in host.DaemonCommand)
            json.WriteStringValue(argument);
        json.WriteEndArray();
        json.WriteString("docker_info_initial", string.Join('\n', daemon.Driver.Lines.Select(line => $"  {line.Key}: {line.Value}").Prepend($" Storage Driver: {daemon.Driver.Driver}")));
        json.WriteString("dmsetup_table_initial", tableAtStart);
        if (atEnd is not null)
            json.WriteString("dmsetup_status_final", atEnd);
        json.WriteString("machine", "User-mode Linux: one CPU, wall times are not those of hardware");
        json.WriteEndObject();
    }

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
