using System.Collections.Immutable;
using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Scenarios.Steps;
using StorageLab.Scenarios.Values;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Hosts;

/// <summary>Reads the hosts of a scenario.</summary>
internal sealed class HostReader(StepContext context, ScenarioLibrary library, string baseFolder)
{
    private const long DiskBytesDefault = 200L << 30;

    /// <summary>Docker's root and one image do not fit below; recorded runs on full disks used 1 GiB.</summary>
    private const long DiskBytesMin = 1L << 30;

    /// <summary>ext4's largest file with 4 KiB blocks, so that a sparse file can fill the disk on either file system.</summary>
    private const long DiskBytesMax = 16L << 40;

    private const string KernelDefault = "6.1";
    private const string ProfileDefault = "sata-ssd";
    private const int MkfsOptionCountMax = 20;

    /// <summary>The first kernel that Docker supported (moby hack and docs, CheckKernelVersion: 3.10).</summary>
    private static readonly KernelVersion OldestKernel = new(3, 10, 0);

    private static readonly ImmutableArray<string> FileSystems = ["xfs", "ext4"];

    public static ImmutableArray<Setting> Settings { get; } =
    [
        new("kernel", SettingKind.Text, "a release as uname -r prints it, e.g. 3.10.0-1160.el7; 6.1 when not given"),
        new("disk", SettingKind.Size, "size of its disk; 200GiB when not given"),
        new("profile", SettingKind.Text, "how fast the disk is: hdd-7200, sata-ssd (default), nvme, or a file"),
        new("filesystem", SettingKind.Choice, "what holds Docker's root: xfs (default) or ext4") { Choices = FileSystems },
        new("mkfs", SettingKind.TextList, "options of mkfs for it, e.g. reflink=0"),
    ];

    /// <summary>The hosts in the order of the file; one host named default when the scenario has none.</summary>
    public ImmutableArray<HostSpec> Read(YamlNode? node)
    {
        if (node is null)
            return [ReadHost("default", new YamlMap(1, 1, []))];
        if (node is YamlMap { Entries.Count: > 0 } hosts)
            return [.. hosts.Entries.Select(entry => ReadHost(NameOf(entry.Key), entry.Value))];
        context.Problems.Add(node, "hosts are a mapping of names to hosts, e.g. centos7: {kernel: 3.10.0-1160.el7}");
        return [];
    }

    private string NameOf(YamlText key)
    {
        if (key.Value.Length is 0 or > 40 || key.Value.Any(c => char.IsControl(c) || c == ','))
            context.Problems.Add(key, "a host's name is a short word such as centos7");
        return key.Value;
    }

    private HostSpec ReadHost(string name, YamlNode node)
    {
        YamlNode map = node is YamlText { IsNull: true } ? new YamlMap(node.Line, node.Column, []) : node;
        SettingMap settings = new(map, "a host", Settings, LoopVariables.None, context);
        ReplayScope scope = new(0);
        string fileSystem = settings.Choice("filesystem", "xfs", FileSystems).Get(scope);
        return new HostSpec
        {
            Name = name,
            Kernel = settings.Read("kernel", KernelVersion.Parse(KernelDefault), Kernel).Get(scope),
            DiskBytes = settings.Size("disk", DiskBytesMin, DiskBytesMax, DiskBytesDefault).Get(scope),
            Profile = ReadProfile(settings),
            FileSystem = fileSystem,
            MkfsOptions = MkfsOptions(settings, fileSystem),
        };
    }

    private DiskProfile ReadProfile(SettingMap settings)
    {
        string name = settings.Text("profile", ProfileDefault).Get(new ReplayScope(0));
        YamlNode at = settings.Find("profile") ?? settings.At;
        try
        {
            if (library.FindProfile(name, baseFolder) is { } path)
                return DeviceProfileReader.Read(path);
            settings.Fail(at,
                $"there is no disk profile '{LayerLimits.Shown(name)}' and no such file; {SettingMap.Hint(name, library.ProfileNames)}");
        }
        catch (InputException e)
        {
            foreach (InputProblem problem in e.Problems)
                settings.Fail(at, problem.ToString());
        }

        return DeviceProfileReader.Read(library.FindProfile(ProfileDefault, baseFolder)!);
    }

    private static KernelVersion Kernel(string text)
    {
        if (!KernelVersion.TryParse(text, out KernelVersion kernel))
            throw new ValueException($"kernel is '{LayerLimits.Shown(text)}'; write a release as uname -r prints it, e.g. 3.10.0-1160.el7 or 6.1");
        return kernel >= OldestKernel
            ? kernel
            : throw new ValueException($"kernel {LayerLimits.Shown(text)} is older than 3.10, the first that Docker supported");
    }

    private static ImmutableArray<string> MkfsOptions(SettingMap settings, string fileSystem)
    {
        IReadOnlyList<YamlNode> items = settings.Items("mkfs");
        if (items.Count > MkfsOptionCountMax)
            settings.Fail(settings.Find("mkfs")!, $"mkfs has {items.Count} options; at most {MkfsOptionCountMax} are read");
        ReplayScope scope = new(0);
        ImmutableArray<string> options = [];
        foreach (YamlNode item in items.Take(MkfsOptionCountMax))
        {
            options = options.Add(settings.Read(item, "mkfs", "", text => text).Get(scope));
            if (FileSystemFormat.ProblemOf(fileSystem, options) is not { } problem)
                continue;
            settings.Fail(item, LayerLimits.ShownLine(problem));
            return [];
        }

        return options;
    }
}
