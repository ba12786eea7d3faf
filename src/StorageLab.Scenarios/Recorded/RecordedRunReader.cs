using System.Collections.Immutable;
using System.Text.RegularExpressions;
using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Recorded;

/// <summary>Reads a recorded run's folder: run.json (the machine), scenario.json (the steps), trajectory.csv (the measures).</summary>
/// <remarks>Images are found in the folder <c>images</c> beside the folder that holds the run. JSON is read as the YAML it also is,
/// because that reader knows the place of everything.</remarks>
public static partial class RecordedRunReader
{
    private const string ThinDump = "thin_dump_final.xml.gz";

    /// <summary>Disk times are not judged against recordings, so any profile serves.</summary>
    private const string Profile = "sata-ssd";

    /// <summary>Largest request of a User-mode Linux disk, in bytes: 255 sectors (arch/um/drivers/ubd_kern.c leaves BLK_SAFE_MAX_SECTORS).</summary>
    private const int UmlMaximumIoBytes = 255 * DeviceLimits.SectorBytes;

    /// <summary>ext4's largest file with 4 KiB blocks; no recorded disk is larger.</summary>
    private const long DiskBytesMax = 16L << 40;

    /// <summary>mkfs.xfs makes nothing smaller (xfsprogs 6.1).</summary>
    private const long DiskBytesMin = 300L << 20;

    private static readonly ImmutableArray<string> FileSystems = ["xfs", "ext4"];

    /// <exception cref="InputException">A file is missing, truncated or malformed, or names a step or image that is unknown.</exception>
    public static RecordedRun Read(string folder)
    {
        NameTable names = new();
        string machineFile = Path.Combine(folder, "run.json");
        VariantSpec variant = ReadMachine(machineFile, out string dockerInfo);
        if (RecordedDate.Find(folder) is { } startedAt)
            variant = variant with { Host = variant.Host with { StartedAt = startedAt } };
        string fullFolder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string imagesFolder = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(fullFolder)) ?? "/", "images");
        RecordedImages images = new(imagesFolder, names);
        ImmutableArray<RecordedStep> steps = RecordedSteps.Read(
            Path.Combine(folder, "scenario.json"), images, names, out ImmutableArray<InputProblem> notes);
        string trajectoryFile = Path.Combine(folder, "trajectory.csv");
        ImmutableArray<RecordedRow> rows = TrajectoryReader.Read(trajectoryFile);
        CheckSteps(trajectoryFile, rows, steps);
        string dumpFile = Path.Combine(folder, ThinDump);
        Scenario scenario = new()
        {
            Name = variant.Name,
            Title = $"recorded run {variant.Name}",
            Seed = 1,
            Variants = [variant],
            Names = names,
            StepCount = steps.Length,
            Steps = steps.Select(step => step.Step),
        };
        return new RecordedRun(variant.Name, scenario, rows)
        {
            MachineFile = machineFile,
            Notes = notes,
            ThinDumpFile = File.Exists(dumpFile) ? dumpFile : null,
            Images = images,
            DockerInfo = dockerInfo,
            Transcripts = RecordedTranscript.ReadAll(folder),
        };
    }

    private static void CheckSteps(string file, ImmutableArray<RecordedRow> rows, ImmutableArray<RecordedStep> steps)
    {
        foreach ((RecordedRow row, RecordedStep step) in rows.Skip(1).Zip(steps))
        {
            if (row.Operation != step.Operation)
            {
                throw new InputException([new InputProblem(file, row.Line, 1,
                    $"step {row.StepIndex} is '{LayerLimits.Shown(row.Operation)}'; in scenario.json it is '{step.Operation}', so one of them is of another run")]);
            }
        }

        if (rows.Length != steps.Length + 1)
        {
            throw new InputException([new InputProblem(file, rows[^1].Line, 1,
                $"ends with step {rows.Length - 1}; scenario.json has {steps.Length} steps, so the run is cut off or of another scenario")]);
        }
    }

    private static VariantSpec ReadMachine(string path, out string dockerInfo)
    {
        JsonFile json = JsonFile.Read(path);
        dockerInfo = JsonFile.Has(json.Root, "docker_info_initial") ? json.Text(json.Root, "docker_info_initial") : "";
        string id = json.Text(json.Root, "run_id");
        if (!SafeName().IsMatch(id))
            throw json.Bad(json.Member(json.Root, "run_id"), $"run_id is '{LayerLimits.Shown(id)}'; it has letters, digits, dots, dashes and underscores");
        string driver = json.Choice(json.Root, "driver", DriverNames.All);
        string kernelText = json.Text(json.Root, "kernel");
        if (!KernelVersion.TryParse(kernelText, out KernelVersion kernel))
            throw json.Bad(json.Member(json.Root, "kernel"), $"'{LayerLimits.Shown(kernelText)}' is not a kernel release");
        ImmutableArray<string> commands = [.. json.List(json.Root, "setup_commands").Select(entry => json.Text(entry, "command"))];
        long diskBytes = json.Number(json.Root, "storage_disk_bytes", DiskBytesMax);
        if (diskBytes < DiskBytesMin)
            throw json.Bad(json.Member(json.Root, "storage_disk_bytes"), $"a disk of {diskBytes} bytes holds no file system; it has at least {DiskBytesMin}");
        string fileSystem = json.Choice(json.Root, "storage_disk_fs", FileSystems);
        HostSpec host = new()
        {
            Name = "recorded",
            Kernel = kernel,
            DiskBytes = diskBytes,
            Profile = DeviceProfileReader.Read(ScenarioLibrary.Shipped.FindProfile(Profile, "")!),
            FileSystem = fileSystem,
            MkfsOptions = [.. commands.Select(command => MkfsArguments(command, fileSystem)).Where(text => text.Length > 0).Take(1)],
            InodeTableWaitMultiple = HostSetup.InodeTableWaitMultiple(commands),
            DiskMaximumIoBytes = commands.Any(command => command.Contains("/dev/ubd", StringComparison.Ordinal))
                ? UmlMaximumIoBytes
                : DeviceLimits.MaximumIoBytesDefault,
            HasTemporaryFilesElsewhere = json.Text(json.Root, "docker_tmpdir") == "tmpfs",
        };
        return new VariantSpec { Name = id, Driver = driver, Host = host, Options = ReadOptions(json, driver, commands) };
    }

    private static ImmutableSortedDictionary<string, string> ReadOptions(JsonFile json, string driver, ImmutableArray<string> commands)
    {
        ImmutableSortedDictionary<string, string>.Builder options = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (YamlNode option in json.List(json.Root, "storage_opts"))
        {
            string text = json.Text(option);
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                throw json.Bad(option, $"'{LayerLimits.Shown(text)}' is not an option; one is written key=value");
            options[text[..equals]] = text[(equals + 1)..];
            StorageOptions.Parse(driver, options, out ImmutableArray<StorageOptionProblem> problems);
            if (!problems.IsEmpty)
                throw json.Bad(option, problems[0].Message);
        }

        // A pool made by hand with lvm names its chunk size in the command that made it.
        if (options.ContainsKey("dm.thinpooldev") && !options.ContainsKey("dm.blocksize"))
            options["dm.blocksize"] = HandMadePool.ChunkSize(commands);
        return options.ToImmutable();
    }

    /// <summary>What mkfs was told of the host's file system beside its device; empty for another command.</summary>
    private static string MkfsArguments(string command, string fileSystem)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int mkfs = Array.FindIndex(words, word => word == "mkfs." + fileSystem);
        return mkfs < 0 ? "" : string.Join(' ', words[(mkfs + 1)..].Where(word => !word.StartsWith("/dev/", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"^\w[\w.-]{0,99}\z", RegexOptions.ECMAScript)]
    private static partial Regex SafeName();
}
