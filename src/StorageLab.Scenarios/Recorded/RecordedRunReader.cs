using System.Collections.Immutable;
using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Recorded;

/// <summary>Reads a recorded run's folder: run.json (the machine), scenario.json (the steps), trajectory.csv (the measures).</summary>
/// <remarks>Images are found in the folder <c>images</c> beside the folder that holds the run. JSON is read as the YAML it also is,
/// because that reader knows the place of everything.</remarks>
public static class RecordedRunReader
{
    /// <summary>Disk times are not judged against recordings, so any profile serves.</summary>
    private const string Profile = "sata-ssd";

    /// <summary>Largest request of a User-mode Linux disk, in bytes: 255 sectors (arch/um/drivers/ubd_kern.c leaves BLK_SAFE_MAX_SECTORS).</summary>
    private const int UmlMaximumIoBytes = 255 * 512;

    /// <exception cref="InputException">A file is missing, truncated or malformed, or names a step or image that is unknown.</exception>
    public static RecordedRun Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException(folder, "there is no such folder; give the folder of a recorded run");
        NameTable names = new();
        string fullFolder = Path.GetFullPath(folder);
        VariantSpec variant = ReadMachine(Path.Combine(folder, "run.json"), out string id);
        string imagesFolder = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(fullFolder)!)!, "images");
        RecordedImages images = new(imagesFolder, names);
        ImmutableArray<Step> steps = RecordedSteps.Read(Path.Combine(folder, "scenario.json"), images, names);
        string trajectoryPath = Path.Combine(folder, "trajectory.csv");
        ImmutableArray<RecordedRow> rows = TrajectoryReader.Read(trajectoryPath);
        if (rows.Length != steps.Length + 1)
        {
            throw new InputException([new InputProblem(trajectoryPath, rows[^1].Line, 1,
                $"ends with step {rows.Length - 1}; scenario.json has {steps.Length} steps, so the run is cut off or of another scenario")]);
        }

        Scenario scenario = new()
        {
            Name = id,
            Title = $"recorded run {id}",
            Seed = 1,
            Variants = [variant],
            Names = names,
            StepCount = steps.Length,
            Steps = steps,
        };
        return new RecordedRun(id, scenario, rows);
    }

    private static VariantSpec ReadMachine(string path, out string id)
    {
        JsonFile json = JsonFile.Read(path);
        id = json.Text(json.Root, "run_id");
        string driver = json.Text(json.Root, "driver");
        if (!DriverNames.All.Contains(driver))
            throw json.Bad(json.Member(json.Root, "driver"), $"driver '{driver}' is not known; it is {string.Join(", ", DriverNames.All)}");
        string kernelText = json.Text(json.Root, "kernel");
        if (!KernelVersion.TryParse(kernelText, out KernelVersion kernel))
            throw json.Bad(json.Member(json.Root, "kernel"), $"'{kernelText}' is not a kernel release");
        ImmutableSortedDictionary<string, string>.Builder options = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (YamlNode option in json.List(json.Root, "storage_opts"))
        {
            string text = json.Text(option);
            int equals = text.IndexOf('=');
            if (equals < 0)
                throw json.Bad(option, $"'{text}' is not an option; one is written key=value");
            options[text[..equals]] = text[(equals + 1)..];
        }

        // A pool made by hand with lvm names its chunk size in the command that made it.
        if (options.ContainsKey("dm.thinpooldev") && !options.ContainsKey("dm.blocksize"))
            options["dm.blocksize"] = HandMadePool.ChunkSize(json);
        HostSpec host = new()
        {
            Name = "recorded",
            Kernel = kernel,
            DiskBytes = json.Number(json.Root, "storage_disk_bytes"),
            Profile = DeviceProfileReader.Read(ScenarioLibrary.Shipped.FindProfile(Profile, "")!),
            FileSystem = json.Text(json.Root, "storage_disk_fs"),
            DiskMaximumIoBytes = SetupNames(json, "/dev/ubd") ? UmlMaximumIoBytes : DeviceLimits.MaximumIoBytesDefault,
            HasTemporaryFilesElsewhere = json.Text(json.Root, "docker_tmpdir") == "tmpfs",
        };
        return new VariantSpec { Name = id, Driver = driver, Host = host, Options = options.ToImmutable() };
    }

    /// <summary>Whether one of the commands that set up the storage names a kind of disk.</summary>
    private static bool SetupNames(JsonFile json, string disk) =>
        json.List(json.Root, "setup_commands").Any(entry => json.Text(entry, "command").Contains(disk, StringComparison.Ordinal));
}
