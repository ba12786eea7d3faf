using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using StorageLab.Model.Drivers;
using StorageLab.Model.Text;

namespace StorageLab.Advice.Hosts;

/// <summary>Puts together what the commands of a host said about it.</summary>
/// <remarks>Texts are of any version of their command; what a text does not tell stays unknown and is noted. None of them is an error, because an
/// adviser has to say what it can from what it gets.</remarks>
public sealed class HostFactsReader
{
    private readonly List<string> _notes = [];
    private HostFacts _facts = new();

    /// <summary>What is known so far.</summary>
    public HostFacts Facts => _facts with { Notes = [.. _notes] };

    /// <summary>uname -r.</summary>
    public void ReadKernel(string text, string source)
    {
        string release = text.Trim();
        if (!KernelVersion.TryParse(release, out KernelVersion kernel))
            _notes.Add($"{source}: '{Shown(release)}' is no kernel release, as uname -r prints it");
        else
            _facts = _facts with { Kernel = kernel, KernelRelease = release };
        // Of Red Hat's rebuilds the kernel tells the release, e.g. .el7.
        if (kernel.EnterpriseBuild > 0 && _facts.Distribution is null)
            _facts = _facts with { Distribution = "centos", DistributionVersion = release[(release.IndexOf(".el", StringComparison.Ordinal) + 3)..].Split('.', '_')[0] };
    }

    /// <summary>/etc/os-release.</summary>
    public void ReadOsRelease(string text, string source)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string line in text.Split('\n'))
        {
            string[] parts = line.Trim().Split('=', 2);
            if (parts.Length == 2)
                values[parts[0]] = parts[1].Trim('"', '\'');
        }

        if (!values.TryGetValue("ID", out string? id))
            _notes.Add($"{source}: there is no ID= in it, as /etc/os-release has");
        else
            _facts = _facts with { Distribution = id.ToLowerInvariant(), DistributionVersion = values.GetValueOrDefault("VERSION_ID") };
    }

    /// <summary>docker info, as text.</summary>
    public void ReadDockerInfo(string text, string source)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string line in text.Split('\n'))
        {
            string[] parts = line.Trim().Split(": ", 2);
            if (parts.Length == 2)
                values.TryAdd(parts[0], parts[1].Trim());
        }

        string? driver = values.GetValueOrDefault("Storage Driver");
        if (driver is null)
        {
            _notes.Add($"{source}: there is no 'Storage Driver:' in it, as docker info has");
            return;
        }

        bool isLoop = values.ContainsKey("Data loop file") || values.GetValueOrDefault("Data file", "").StartsWith("/dev/loop", StringComparison.Ordinal);
        _facts = _facts with
        {
            Driver = driver == "devicemapper" ? isLoop ? DriverNames.LoopLvm : DriverNames.DirectLvm : driver,
            DockerRoot = values.GetValueOrDefault("Docker Root Dir", _facts.DockerRoot),
        };
        if (DockerVersion.TryParse(values.GetValueOrDefault("Server Version", ""), out DockerVersion version))
            _facts = _facts with { DockerVersion = version };
        else
            _notes.Add($"{source}: it does not tell the server's version");
        // Under devicemapper the backing file system is that of the devices, not of Docker's root.
        if (driver != "devicemapper" && values.GetValueOrDefault("Backing Filesystem") is { } backing && _facts.BackingFileSystem is null)
            _facts = _facts with { BackingFileSystem = backing is "extfs" ? "ext4" : backing };
        if (values.GetValueOrDefault("Supports d_type") is { } fileTypes && _facts.HasFileTypes is null)
            _facts = _facts with { HasFileTypes = fileTypes == "true" };
        if (_facts.Kernel is null && values.GetValueOrDefault("Kernel Version") is { } kernel)
            ReadKernel(kernel, source);
    }

    /// <summary>lsblk -J, best with -b and -o NAME,SIZE,TYPE,FSTYPE,MOUNTPOINT.</summary>
    public void ReadDisks(string text, string source)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            List<SpareDisk> spare = [];
            foreach (JsonElement device in document.RootElement.GetProperty("blockdevices").EnumerateArray())
            {
                if (Text(device, "type") != "disk" || Text(device, "fstype").Length > 0 || IsMounted(device)
                    || (device.TryGetProperty("children", out JsonElement children) && children.GetArrayLength() > 0))
                    continue;
                if (SizeOf(device) is { } bytes and > 0)
                    spare.Add(new SpareDisk("/dev/" + Text(device, "name"), bytes));
            }

            _facts = _facts with { KnowsDisks = true, SpareDisks = [.. spare.OrderByDescending(disk => disk.SizeBytes)] };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            _notes.Add($"{source}: this is not what lsblk -J prints");
        }
    }

    /// <summary>xfs_info of Docker's root.</summary>
    public void ReadXfsInfo(string text, string source)
    {
        int at = text.IndexOf("ftype=", StringComparison.Ordinal);
        if (at < 0 || at + 6 >= text.Length || text[at + 6] is not ('0' or '1'))
            _notes.Add($"{source}: there is no ftype= in it: xfsprogs before 3.2 do not tell");
        else
            _facts = _facts with { HasFileTypes = text[at + 6] == '1', BackingFileSystem = "xfs" };
    }

    /// <summary>df -PTB1 of Docker's root.</summary>
    public void ReadFreeSpace(string text, string source)
    {
        string[][] rows = [.. text.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(row => row.Length >= 7)];
        if (rows.LastOrDefault() is not { } row || !long.TryParse(row[2], NumberStyles.None, CultureInfo.InvariantCulture, out long total)
            || !long.TryParse(row[4], NumberStyles.None, CultureInfo.InvariantCulture, out long free))
        {
            _notes.Add($"{source}: this is not what df -PTB1 prints");
            return;
        }

        ReadFileSystem(row[1], total, free);
    }

    /// <summary>Type, size and free space of the file system of Docker's root.</summary>
    public void ReadFileSystem(string type, long totalBytes, long freeBytes)
    {
        _facts = _facts with { BackingFileSystem = type, RootTotalBytes = totalBytes, RootFreeBytes = freeBytes };
        if (type is "ext4" or "btrfs")
            _facts = _facts with { HasFileTypes = true };
    }

    /// <summary>What somebody who knows says: it stands above what was read.</summary>
    public void Set(Func<HostFacts, HostFacts> change) => _facts = change(_facts);

    /// <summary>Notes what could not be read, and why.</summary>
    public void Note(string line) => _notes.Add(line);

    private static bool IsMounted(JsonElement device) => Text(device, "mountpoint").Length > 0
        || (device.TryGetProperty("mountpoints", out JsonElement points) && points.ValueKind == JsonValueKind.Array && points.EnumerateArray().Any(point => point.ValueKind == JsonValueKind.String));

    /// <summary>With -b a number of bytes, without a size such as <c>100G</c>.</summary>
    private static long? SizeOf(JsonElement device)
    {
        if (!device.TryGetProperty("size", out JsonElement size))
            return null;
        if (size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out long bytes))
            return bytes;
        return size.ValueKind == JsonValueKind.String && DockerSize.TryParse(size.GetString()!, out bytes) ? bytes : null;
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string Shown(string text) => text.Length <= 40 ? text.ReplaceLineEndings(" ") : text[..40].ReplaceLineEndings(" ") + "…";
}
