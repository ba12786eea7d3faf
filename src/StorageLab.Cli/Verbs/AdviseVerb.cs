using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using StorageLab.Advice;
using StorageLab.Advice.Hosts;
using StorageLab.Advice.Migration;
using StorageLab.Cli.Advising;
using StorageLab.Model.Drivers;
using StorageLab.Model.Text;
using StorageLab.Reports;
using StorageLab.Scenarios;
using StorageLab.Scenarios.Workloads;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab advise</c>: which driver a host should use, why, what it will look like, and how to get there.</summary>
internal static class AdviseVerb
{
    private const long DiskBytesDefault = 100L << 30;

    public static Command Build()
    {
        Option<string?> folder = new("--host") { Description = "A folder with the host's answers (see below); without it this machine's own files are read.", HelpName = "DIR" };
        Option<string?> kernel = new("--kernel") { Description = "The kernel, as uname -r prints it.", HelpName = "RELEASE" };
        Option<string?> docker = new("--docker") { Description = "Docker's version, e.g. 1.13.1 or 20.10.", HelpName = "VERSION" };
        Option<string?> backing = new("--filesystem") { Description = "File system of Docker's root: xfs, ext4, ….", HelpName = "NAME" };
        Option<int?> fileTypes = new("--ftype") { Description = "What xfs_info says of Docker's root: 0 or 1.", HelpName = "0|1" };
        Option<double> images = new("--images-per-week") { Description = "New versions of images that come in a week.", HelpName = "N", DefaultValueFactory = _ => 5 };
        Option<string> imageSize = new("--image-size") { Description = "Unpacked size of an image.", HelpName = "SIZE", DefaultValueFactory = _ => "500M" };
        Option<double> churn = new("--churn") { Description = "Share of an image, in percent, that is new in its next version.", HelpName = "PERCENT", DefaultValueFactory = _ => 40 };
        Option<int> weeks = new("--keep-weeks") { Description = "Weeks after which a version is removed.", HelpName = "N", DefaultValueFactory = _ => 4 };
        Option<string> writes = new("--writes-per-day") { Description = "What containers write in a day, to be removed the day after.", HelpName = "SIZE", DefaultValueFactory = _ => "1G" };
        Option<string?> disk = new("--disk") { Description = "Size of the disk of Docker's root (default: what the host says, or 100 GiB).", HelpName = "SIZE" };
        Option<int> hosts = new("--hosts") { Description = "How many hosts are like this one.", HelpName = "N", DefaultValueFactory = _ => 1 };
        Option<bool> json = new("--json") { Description = "Print the advice as JSON." };
        Command command = new("advise", "Which driver a host should use and why, what it will look like in a year, what staying costs, and how to move.")
        {
            folder, kernel, docker, backing, fileTypes, images, imageSize, churn, weeks, writes, disk, hosts, json,
        };
        command.SetAction(parsed =>
        {
            HostFactsReader reader = parsed.GetValue(folder) is { } path
                ? LocalHost.ReadFolder(path)
                // Who describes another host does not mean this machine with one thing changed.
                : ((Option[])[kernel, docker, backing, fileTypes]).Any(option => parsed.GetResult(option) is { Implicit: false }) ? new HostFactsReader() : LocalHost.ReadThis();
            if (parsed.GetValue(kernel) is { } release)
            {
                if (!KernelVersion.TryParse(release, out _))
                    throw new InputException("--kernel", $"'{release}' is not a kernel release; write one as uname -r does, e.g. 3.10.0-1160.el7");
                reader.ReadKernel(release, "--kernel");
            }

            if (parsed.GetValue(docker) is { } text)
            {
                DockerVersion version = DockerVersion.TryParse(text, out DockerVersion known) ? known : throw new InputException("--docker", $"'{text}' is not a version; write one as 1.13.1 or 20.10");
                reader.Set(facts => facts with { DockerVersion = version });
            }

            if (parsed.GetValue(backing) is { } type)
                reader.Set(facts => facts with { BackingFileSystem = type, HasFileTypes = type == "ext4" ? true : type == facts.BackingFileSystem ? facts.HasFileTypes : null });
            if (parsed.GetValue(fileTypes) is { } value)
                reader.Set(facts => facts with { HasFileTypes = value is 0 or 1 ? value == 1 : throw new InputException("--ftype", $"is {value}; it must be 0 or 1") });
            HostFacts host = reader.Facts;
            HostWorkload workload = new()
            {
                ImagesPerWeek = Within("--images-per-week", parsed.GetValue(images), 0, 100),
                ImageBytes = Size("--image-size", parsed.GetRequiredValue(imageSize), 1L << 20, 50L << 30),
                Churn = Within("--churn", parsed.GetValue(churn), 0, 100) / 100,
                KeptWeeks = (int)Within("--keep-weeks", parsed.GetValue(weeks), 1, 52),
                ContainerBytesPerDay = Size("--writes-per-day", parsed.GetRequiredValue(writes), 0, 200L << 30),
            };
            long diskBytes = parsed.GetValue(disk) is { } size ? Size("--disk", size, 4L << 30, 64L << 40) : Math.Clamp(host.RootTotalBytes ?? DiskBytesDefault, 4L << 30, 64L << 40);
            int hostCount = (int)Within("--hosts", parsed.GetValue(hosts), 1, 1_000_000);
            Print(host, workload, diskBytes, hostCount, parsed.GetValue(json));
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Print(HostFacts host, HostWorkload workload, long diskBytes, int hostCount, bool isJson)
    {
        Recommendation advice = Advisor.For(host);
        ImmutableArray<DriverForecast> forecasts = DriverForecast.Of(workload, [.. Variants(host, diskBytes)]);
        ImmutableArray<MigrationStep> plan = advice.Driver is { } driver && driver != host.Driver ? MigrationPlan.For(driver, host) : [];
        if (isJson)
        {
            AdviceJson.Print(advice, forecasts, plan, host.Notes);
            return;
        }

        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{workload.ImagesPerWeek:0.##} new images of {IecBytes.Format(workload.ImageBytes)} a week ({workload.Churn * 100:0.##} % new), kept {workload.KeptWeeks} weeks, {IecBytes.Format(workload.ContainerBytesPerDay)} written a day, on a disk of {IecBytes.Format(diskBytes)}");
        AdviceText.Print(Console.Out, host, advice, forecasts, plan, text);
        if (host.Driver is { } now && forecasts.FirstOrDefault(f => f.Variant.StartsWith(now, StringComparison.Ordinal)) is { } stay && advice.Driver is { } next && next != now
            && forecasts.FirstOrDefault(f => f.Variant == next) is { } move && stay.Points.LastOrDefault() is { } left && move.Points.FirstOrDefault(p => p.Day == left.Day) is { } right)
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Staying on {now} costs {IecBytes.Format(Math.Max(0, left.AllocatedBytes - right.AllocatedBytes) * hostCount)} more disk on day {left.Day}{(hostCount > 1 ? $" on {hostCount:#,0} hosts" : "")} than {next}."));
        }
    }

    /// <summary>All drivers on a disk like the host's; loop-lvm also as it is where discards are lost.</summary>
    private static IEnumerable<VariantSpec> Variants(HostFacts host, long diskBytes)
    {
        HostSpec spec = new()
        {
            Name = "host",
            Kernel = host.Kernel ?? new KernelVersion(5, 14, 0),
            DiskBytes = diskBytes,
            Profile = DeviceProfileReader.Read(Path.Combine(ScenarioLibrary.Shipped.Folder, "profiles", "sata-ssd.yaml")),
            FileSystem = host.BackingFileSystem == "ext4" ? "ext4" : "xfs",
        };
        yield return new VariantSpec { Name = DriverNames.LoopLvm, Driver = DriverNames.LoopLvm, Host = spec };
        yield return new VariantSpec
        {
            Name = "loop-lvm, discards lost",
            Driver = DriverNames.LoopLvm,
            Host = spec,
            Options = ImmutableSortedDictionary<string, string>.Empty.Add("dm.blkdiscard", "false"),
        };
        yield return new VariantSpec { Name = DriverNames.DirectLvm, Driver = DriverNames.DirectLvm, Host = spec };
        yield return new VariantSpec { Name = DriverNames.Overlay2, Driver = DriverNames.Overlay2, Host = spec };
    }

    private static double Within(string option, double value, double min, double max) => value >= min && value <= max
        ? value
        : throw new InputException(option, string.Create(CultureInfo.InvariantCulture, $"is {value}; it must be from {min} to {max}"));

    private static long Size(string option, string text, long min, long max) => !DockerSize.TryParse(text, out long bytes)
        ? throw new InputException(option, $"'{text}' is not a size; write one as 500M or 20G")
        : bytes >= min && bytes <= max ? bytes : throw new InputException(option, $"is {IecBytes.Format(bytes)}; it must be from {IecBytes.Format(min)} to {IecBytes.Format(max)}");
}
