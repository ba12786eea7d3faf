using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using StorageLab.Model.Drivers;
using StorageLab.Model.Text;

namespace StorageLab.Advice.Configuration;

/// <summary>Reads a daemon's configuration as Docker reads it, and says what would stop Docker or not do what was meant.</summary>
/// <remarks>Source: moby v20.10.24, daemon/config/config.go (MergeDaemonConfigurations, findConfigurationConflicts), graphdriver options of devicemapper and
/// overlay2, registry/config.go.</remarks>
public sealed class ConfigurationCheck
{
    private static readonly string[] Drivers = ["aufs", "btrfs", "devicemapper", "fuse-overlayfs", "overlay", "overlay2", "vfs", "zfs"];

    /// <summary>Options of devicemapper that the lab has no use for, but Docker has.</summary>
    private static readonly string[] OtherOptions = ["dm.datadev", "dm.metadatadev", "dm.override_udev_sync_check", "dm.libdm_log_level"];

    private readonly DaemonHost _host;
    private readonly List<ConfigurationFinding> _findings = [];

    /// <summary>Flags given by files of assignments, the last of a name.</summary>
    private readonly Dictionary<string, (string File, FlagFile.Flag Flag)> _flags = new(StringComparer.Ordinal);
    private readonly List<Placed> _storageOptions = [];
    private Placed? _driver;
    private bool _isUnreadable;

    private ConfigurationCheck(DaemonHost host) => _host = host;

    /// <summary>A text with its place.</summary>
    private sealed record Placed(string File, int Line, int Column, string Text);

    /// <summary>Checks files that configure one daemon together: daemon.json, and files of flags beside it.</summary>
    /// <returns>What was found, in the order of the files and their lines.</returns>
    public static ImmutableArray<ConfigurationFinding> Of(IReadOnlyList<ConfigurationFile> files, DaemonHost host)
    {
        ConfigurationCheck check = new(host);
        foreach (ConfigurationFile file in files.Where(file => file.IsFlagFile))
            check.ReadFlags(file);
        foreach (ConfigurationFile file in files.Where(file => !file.IsFlagFile))
            check.ReadJson(file);
        if (!check._isUnreadable)
            check.CheckStorage(files[0].Name);
        List<string> order = [.. files.Select(file => file.Name)];
        return [.. check._findings.OrderBy(finding => order.IndexOf(finding.File)).ThenBy(finding => finding.Line).ThenBy(finding => finding.Column)];
    }

    /// <summary>Whether devicemapper or overlay2 has an option of that name, in lower case.</summary>
    internal static bool IsKnownOption(string name) => OtherOptions.Contains(name) || StorageOptionCatalog.Find(name) is not null;

    private void ReadFlags(ConfigurationFile file)
    {
        FlagFile read = FlagFile.Parse(Encoding.UTF8.GetString(file.Content));
        foreach ((int line, int column, string message) in read.Problems)
            Add(FindingSeverity.Fatal, new Placed(file.Name, line, column, ""), message);
        foreach (FlagFile.Flag flag in read.Flags)
        {
            Placed place = new(file.Name, flag.Line, flag.Column, flag.Value);
            if (!DaemonKey.All.Values.Any(key => key.Flag == flag.Name))
                Add(FindingSeverity.Fatal, place, $"unknown flag: --{flag.Name}; {Nearest(flag.Name, DaemonKey.All.Values.Select(key => key.Flag), "--")}");
            _flags[flag.Name] = (file.Name, flag);
            if (flag.Name == "storage-driver")
                _driver = place;
            else if (flag.Name == "storage-opt")
                _storageOptions.Add(place);
            else if (flag.Name == "registry-mirror" && RegistryMirror.Problem(flag.Value) is { } problem)
                Add(FindingSeverity.Fatal, place, problem);
        }
    }

    private void ReadJson(ConfigurationFile file)
    {
        ReadOnlySpan<byte> text = file.Content;
        JsonPiece root;
        try
        {
            root = PlacedJsonReader.Read(text, isLenient: false, out int rest);
            if (!Encoding.UTF8.GetString(text[rest..]).AsSpan().Trim().IsEmpty)
            {
                (int line, int column) = PlacedJsonReader.PlaceOf(text, rest + FirstInk(text[rest..]));
                Add(FindingSeverity.Warning, new Placed(file.Name, line, column, ""), "Docker reads only up to the closing brace and ignores what follows; put it inside, or delete it");
            }
        }
        catch (JsonException e)
        {
            _isUnreadable = true;
            Add(FindingSeverity.Fatal, new Placed(file.Name, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1, ""), $"this is no JSON: {Reason(text, e)}");
            return;
        }

        if (root.Kind != JsonValueKind.Object)
        {
            Add(FindingSeverity.Fatal, At(file, root), "the file must hold an object, { \"key\": value, … }");
            return;
        }

        foreach (JsonPieceMember member in root.Members)
            CheckMember(file, root, member);
        if (root.Find("graph") is { } graph)
        {
            if (root.Find("data-root") is not null)
                Add(FindingSeverity.Fatal, At(file, graph), "cannot specify both \"graph\" and \"data-root\" config file options; keep data-root");
            else
                Add(FindingSeverity.Warning, At(file, graph), "graph is deprecated and gone in Docker 23.0; write data-root");
        }

        if (root.Find("hosts") is { } hosts)
            Add(FindingSeverity.Warning, At(file, hosts), "on systemd docker.service starts dockerd with -H fd://, and then hosts must not be here too; clear that flag in a drop-in file (ExecStart=), or leave hosts out");
    }

    private void CheckMember(ConfigurationFile file, JsonPiece root, JsonPieceMember member)
    {
        Placed place = new(file.Name, member.Line, member.Column, member.Name);
        if (!ReferenceEquals(root.Find(member.Name), member.Value))
            Add(FindingSeverity.Warning, place, $"{member.Name} comes again further down, and only the last one counts; keep one");
        if (!DaemonKey.All.TryGetValue(member.Name, out DaemonKey? key))
        {
            string hint = DaemonKey.All.Values.FirstOrDefault(known => known.Flag == member.Name) is { } list
                ? $"that is the flag's name; the file's is {list.Name}, with {list.KindText}"
                : Nearest(member.Name, DaemonKey.All.Keys, "");
            Add(FindingSeverity.Fatal, place, $"the following directives don't match any configuration option: {member.Name}; {hint}");
            return;
        }

        // Runtimes alone may be in both (skipDuplicates).
        if (_flags.TryGetValue(key.Flag, out (string File, FlagFile.Flag Flag) flag) && key.Name != "runtimes")
        {
            Add(FindingSeverity.Fatal, place,
                $"the following directives are specified both as a flag and in the configuration file: {key.Name}: (from flag: {flag.Flag.Value}, from file: {Shown(member.Value)}); keep it here and delete --{key.Flag} at {flag.File}:{flag.Flag.Line}");
        }

        if (!key.Takes(member.Value))
        {
            Add(FindingSeverity.Fatal, At(file, member.Value), $"{key.Name} is {Shown(member.Value)}; it must be {key.KindText}");
            return;
        }

        CheckValues(file, key, member.Value);
    }

    private void CheckValues(ConfigurationFile file, DaemonKey key, JsonPiece value)
    {
        if (key.Name == "storage-driver")
            _driver = At(file, value);
        if (key.Kind == JsonValueKind.Array && key.Name != "default-address-pools")
        {
            foreach (JsonPiece item in value.Items.Where(item => item.Kind != JsonValueKind.String))
                Add(FindingSeverity.Fatal, At(file, item), $"{key.Name} holds {Shown(item)}; every item must be a string, in quotes");
        }

        if (key.Name == "log-opts")
        {
            foreach (JsonPieceMember option in value.Members.Where(option => option.Value.Kind != JsonValueKind.String))
                Add(FindingSeverity.Fatal, At(file, option.Value), $"log-opts: {option.Name} is {option.Value.Text}; it must be a string: \"{option.Value.Text}\"");
        }

        foreach (JsonPiece item in value.Items.Where(item => item.Kind == JsonValueKind.String))
        {
            if (key.Name == "storage-opts")
                _storageOptions.Add(At(file, item));
            else if (key.Name == "registry-mirrors" && RegistryMirror.Problem(item.Text) is { } problem)
                Add(FindingSeverity.Fatal, At(file, item), problem);
        }
    }

    private void CheckStorage(string firstFile)
    {
        Placed whole = _driver ?? new Placed(firstFile, 1, 1, "");
        string driver = _driver?.Text ?? "";
        if (driver.Length > 0 && !Drivers.Contains(driver))
        {
            Add(FindingSeverity.Fatal, whole, $"there is no storage driver '{driver}'; {Nearest(driver, Drivers, "")}");
            return;
        }

        List<KeyValuePair<string, string>> options = ReadOptions(driver);
        bool hasPool = options.Any(option => option.Key is "dm.thinpooldev" or "dm.directlvm_device" or "dm.datadev");
        if (driver == "devicemapper")
        {
            Add(FindingSeverity.Warning, whole, "devicemapper is deprecated since Docker 18.09 and removed in 25.0; overlay2 takes its place where the kernel and the file system allow it");
            if (!hasPool)
            {
                Add(FindingSeverity.Warning, whole,
                    "without dm.directlvm_device or dm.thinpooldev in storage-opts devicemapper keeps everything in a sparse file (loop-lvm), which is not for production; give it a block device, e.g. \"dm.directlvm_device=/dev/sdb\"");
            }
        }
        else if (driver.Length == 0)
        {
            CheckOmittedDriver(whole);
        }
        else if (driver == "overlay2" && _host.TakesOverlay2 == false)
        {
            Add(FindingSeverity.Fatal, whole, _host.HasFileTypes == false
                ? "overlay2 needs a file system that tells file types: xfs made with ftype=1 (mkfs.xfs -n ftype=1), or ext4"
                : "overlay2 needs Linux 4.0, or 3.10.0-514 of CentOS and RHEL (7.3) or newer");
        }

        string labDriver = driver == "devicemapper" ? hasPool ? DriverNames.DirectLvm : DriverNames.LoopLvm : driver;
        if (!DriverNames.All.Contains(labDriver))
            return;
        _ = StorageOptions.Parse(labDriver, options.Where(option => !OtherOptions.Contains(option.Key)), out ImmutableArray<StorageOptionProblem> problems);
        foreach (StorageOptionProblem problem in problems)
        {
            Placed place = _storageOptions.First(option => option.Text.StartsWith(problem.Option, StringComparison.OrdinalIgnoreCase));
            Add(FindingSeverity.Fatal, place, problem.Message);
        }
    }

    private void CheckOmittedDriver(Placed whole)
    {
        string message = _host.TakesOverlay2 switch
        {
            true => "no storage-driver is given; Docker takes overlay2 on this host; write \"storage-driver\": \"overlay2\" so that it stays so",
            false => "no storage-driver is given, and this host cannot take overlay2: Docker falls back to devicemapper on a sparse file (loop-lvm), which is not for production; "
                + "give it a block device: \"storage-driver\": \"devicemapper\", \"storage-opts\": [\"dm.directlvm_device=/dev/sdb\"]",
            null => "no storage-driver is given, so Docker chooses: overlay2 on Linux 4.0 (CentOS: 3.10.0-514) or newer with ext4 or xfs of ftype=1, else devicemapper on a sparse file (loop-lvm); "
                + "write \"storage-driver\": \"overlay2\", or devicemapper with a block device",
        };
        Add(FindingSeverity.Warning, whole, message);
    }

    /// <summary>The options as names and values; what cannot be one, or is one of another driver, is told and left out.</summary>
    private List<KeyValuePair<string, string>> ReadOptions(string driver)
    {
        List<KeyValuePair<string, string>> options = [];
        foreach (Placed option in _storageOptions)
        {
            int equals = option.Text.IndexOf('=');
            string name = (equals < 0 ? option.Text : option.Text[..equals]).ToLowerInvariant();
            string family = name.Split('.')[0] switch { "dm" => "devicemapper", string other => other };
            if (equals < 0)
                Add(FindingSeverity.Fatal, option, $"Unable to parse key/value option: '{option.Text}'; write it as name=value");
            else if (driver.Length > 0 && family != driver && Drivers.Contains(family))
                Add(FindingSeverity.Fatal, option, $"{name} is an option of {family}, not of {driver}; delete it, or change storage-driver");
            else if (driver.Length == 0 && Drivers.Contains(family))
                Add(FindingSeverity.Warning, option, $"{name} is an option of {family}, and no storage-driver is given: where Docker chooses another it will not start; write \"storage-driver\": \"{family}\"");
            else
                options.Add(KeyValuePair.Create(name, option.Text[(equals + 1)..]));
        }

        return options;
    }

    private static string Nearest(string word, IEnumerable<string> known, string prefix) =>
        NearestWord.Find(word.ToLowerInvariant(), known) is { } nearest ? $"did you mean {prefix}{nearest}?" : "see dockerd --help for what there is";

    private static string Shown(JsonPiece value) => value.Kind == JsonValueKind.String ? $"\"{value.Text}\"" : value.Text;

    private static Placed At(ConfigurationFile file, JsonPiece piece) => new(file.Name, piece.Line, piece.Column, piece.Text);

    private static int FirstInk(ReadOnlySpan<byte> text) => Math.Max(0, text.IndexOfAnyExcept(" \t\r\n"u8));

    /// <summary>What most often makes such a file no JSON, else the library's words without its counting of lines.</summary>
    private static string Reason(ReadOnlySpan<byte> text, JsonException e)
    {
        if (text.StartsWith("\ufeff"u8))
            return "it begins with a byte order mark; save it as UTF-8 without one";
        string message = e.Message.Split(" LineNumber:")[0].TrimEnd('.', ' ');
        if (message.Contains("trailing comma", StringComparison.Ordinal))
            return "there is a comma after the last entry; delete it";
        if (message.Contains("'/' is invalid", StringComparison.Ordinal))
            return "comments are not allowed; delete them";
        if (message.Contains("''' is an invalid", StringComparison.Ordinal))
            return "names and texts stand in double quotes";
        return message.StartsWith("the text ", StringComparison.Ordinal) || message.Contains("does not contain any JSON tokens", StringComparison.Ordinal) || message.Contains("Expected depth", StringComparison.Ordinal)
            ? "it ends too early; an empty configuration is {}"
            : message;
    }

    private void Add(FindingSeverity severity, Placed place, string message) =>
        _findings.Add(new ConfigurationFinding(severity, place.File, place.Line, place.Column, message.ReplaceLineEndings(" ")));
}
