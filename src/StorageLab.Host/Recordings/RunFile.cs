using System.Collections.Immutable;
using System.Text.Json;
using StorageLab.Host.Docker;
using StorageLab.Host.Machines;

namespace StorageLab.Host.Recordings;

/// <summary>Writes run.json of a recorded run: the machine, and how it was set up.</summary>
/// <param name="spec">What was to be set up.</param>
/// <param name="setup">The commands that did.</param>
/// <param name="daemonCommand">The daemon's command line.</param>
/// <param name="driver">What the daemon said of its driver after its first start.</param>
internal sealed class RunFile(MachineSpec spec, IEnumerable<SetupCommand> setup, ImmutableArray<string> daemonCommand, DaemonDriver driver)
{
    /// <summary>The machine's kernel, as uname -r prints it.</summary>
    public required string Kernel { get; init; }

    public required string DockerVersion { get; init; }

    /// <summary>What dmsetup table printed after the daemon's first start.</summary>
    public required string MappingTable { get; init; }

    /// <summary>What dmsetup status printed at the end; null while there is none.</summary>
    public required string? FinalMappingStatus { get; init; }

    /// <param name="folder">The run's.</param>
    public void Write(string folder)
    {
        using FileStream file = File.Create(Path.Combine(folder, "run.json"));
        using Utf8JsonWriter json = new(file, RecordedJson.Options);
        json.WriteStartObject();
        json.WriteString("run_id", spec.RunId);
        json.WriteString("driver", spec.Variant.Driver);
        json.WriteString("storage_disk_fs", spec.Variant.Host.FileSystem);
        json.WriteString("kernel", Kernel);
        json.WriteString("docker_version", DockerVersion);
        WriteTexts(json, "storage_opts", spec.StorageOptions);
        json.WriteString("docker_tmpdir", "tmpfs");
        json.WriteNumber("storage_disk_bytes", spec.Variant.Host.DiskBytes);
        json.WriteStartArray("setup_commands");
        foreach (SetupCommand command in setup)
        {
            json.WriteStartObject();
            json.WriteString("command", command.Text);
            json.WriteNumber("rc", command.ExitCode);
            json.WriteString("output", command.Output);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteTexts(json, "dockerd_args", daemonCommand);
        json.WriteString("docker_info_initial", InfoText());
        json.WriteString("dmsetup_table_initial", MappingTable);
        if (FinalMappingStatus is not null)
            json.WriteString("dmsetup_status_final", FinalMappingStatus);
        json.WriteString("machine", "User-mode Linux: one CPU, wall times are not those of hardware");
        json.WriteEndObject();
    }

    /// <summary>The lines of docker info on the driver.</summary>
    private string InfoText() =>
        string.Join('\n', driver.Lines.Select(line => $"  {line.Key}: {line.Value}").Prepend($" Storage Driver: {driver.Driver}"));

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
