using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Model.Text;

namespace StorageLab.Model.Drivers;

/// <summary>Every storage option the lab knows: one table for scenarios, the command line, the schema and the drivers.</summary>
/// <remarks>Sources of names, defaults and rules: see <see cref="StorageOptions"/>. Limits come from the kernel and the tools named beside
/// them.</remarks>
public static class StorageOptionCatalog
{
    private static readonly ImmutableArray<string> Loop = [DriverNames.LoopLvm];
    private static readonly ImmutableArray<string> Direct = [DriverNames.DirectLvm];
    private static readonly ImmutableArray<string> Thin = [DriverNames.LoopLvm, DriverNames.DirectLvm];
    private static readonly ImmutableArray<string> Overlay = [DriverNames.Overlay2];

    public static ImmutableArray<StorageOption> All { get; } =
    [
        // Most: the largest file ext4 holds with 4 KiB blocks. Least: what the base device's file system would not fit in anyway.
        Size("dm.loopdatasize", Loop, "100G", "apparent size of the sparse data file", 16L << 20, 16L << 40,
            (o, v) => o with { LoopDataBytes = v }),
        // drivers/md/dm-thin-metadata.h: THIN_METADATA_MAX_SECTORS; thin_metadata_size never advises less than 2 MiB.
        Size("dm.loopmetadatasize", Loop, "2G", "apparent size of the sparse metadata file", 2L << 20, 16L << 30,
            (o, v) => o with { LoopMetadataBytes = v }),
        // xfsprogs 6.1 makes no file system below 300 MiB.
        Size("dm.basesize", Thin, "10G", "virtual size of every image and container", 300L << 20, 16L << 40,
            (o, v) => o with { BaseDeviceBytes = v }),
        new("dm.blocksize", StorageOptionKind.Size, Thin, "64K on loop-lvm, 512K on direct-lvm", "data block of the thin pool",
            ReadBlockSize),
        new("dm.min_free_space", StorageOptionKind.Percent, Thin, "10%", "free share of the pool below which no new device is made",
            ReadMinFreeSpace),
        Boolean("dm.blkdiscard", Thin, "true; false with dm.thinpooldev", "discard a device's blocks before it is deleted",
            (o, v) => o with { BlkDiscard = v }),
        new("dm.fs", StorageOptionKind.Choice, Thin, "xfs", "file system of images and containers: xfs or ext4", ReadFileSystem),
        new("dm.mkfsarg", StorageOptionKind.Text, Thin, "none", "arguments of mkfs for the base device, separated by blanks",
            (StorageOptions options, string value, out string problem) => ReadText(
                value, text => options with { MkfsArguments = [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)] },
                "dm.mkfsarg", "-m reflink=0", out problem)),
        new("dm.mountopt", StorageOptionKind.Text, Thin, "none", "mount options of every device, e.g. discard", ReadMountOptions),
        Boolean("dm.use_deferred_removal", Thin, "by the kernel", "deactivate a busy device later",
            (o, v) => o with { UseDeferredRemoval = v }),
        Boolean("dm.use_deferred_deletion", Thin, "by the kernel", "delete a busy device later",
            (o, v) => o with { UseDeferredDeletion = v }),
        Whole("dm.xfs_nospace_max_retries", Thin, "unset: for ever", "how often xfs retries metadata writes when the pool is full",
            StorageOptionKind.Count,
            0, int.MaxValue, (o, v) => o with { XfsNospaceMaxRetries = v }),
        Text("dm.directlvm_device", Direct, "the host's second disk", "block device that Docker sets up for direct-lvm", "/dev/sdb",
            (o, v) => o with { DirectLvmDevice = v }),
        Boolean("dm.directlvm_device_force", Direct, "false", "wipe a file system on that device; the lab's disks are always empty",
            (o, _) => o),
        Text("dm.thinpooldev", Direct, "none", "thin pool made beforehand with lvcreate", "/dev/mapper/docker-thinpool",
            (o, v) => o with { ThinPoolDevice = v }),
        Whole("dm.thinp_percent", Direct, "95", "share of the volume group for data", StorageOptionKind.Percent, 1, 99,
            (o, v) => o with { ThinpPercent = v }),
        Whole("dm.thinp_metapercent", Direct, "1", "share of the volume group for metadata", StorageOptionKind.Percent, 1, 99,
            (o, v) => o with { ThinpMetaPercent = v }),
        Whole("dm.thinp_autoextend_threshold", Direct, "80", "use from which the pool is extended; 100 is never",
            StorageOptionKind.Percent, 1, 100,
            (o, v) => o with { ThinpAutoextendThresholdPercent = v }),
        Whole("dm.thinp_autoextend_percent", Direct, "20", "by how much of its size the pool is extended", StorageOptionKind.Percent,
            1, 100,
            (o, v) => o with { ThinpAutoextendPercent = v }),
        // No least size: Docker hands any quota to xfs. Most as for the other sizes.
        Size("overlay2.size", Overlay, "none", "quota of every container; needs xfs as the host's file system", 1, 16L << 40,
            (o, v) => o with { OverlaySizeBytes = v }),
        Boolean("overlay2.override_kernel_check", Overlay, "false", "without effect since Docker 19.03.7",
            (o, v) => o with { OverlayOverrideKernelCheck = v }),
    ];

    // discard, and those of mount(8), xfs(5) and ext4(5) that change nothing the lab measures.
    private static readonly ImmutableArray<string> MountOptions =
        ["discard", "nodiscard", "defaults", "rw", "noatime", "nodiratime", "relatime", "nouuid", "inode64", "attr2", "noquota", "user_xattr", "acl"];

    private static readonly ImmutableDictionary<string, StorageOption> ByName = All.ToImmutableDictionary(option => option.Name);

    /// <summary>The option of that name (lower case), or null.</summary>
    public static StorageOption? Find(string name) => ByName.GetValueOrDefault(name);

    public static IEnumerable<StorageOption> ForDriver(string driver) => All.Where(option => option.Drivers.Contains(driver));

    private static StorageOption Size(
        string name, ImmutableArray<string> drivers, string fallback, string summary, long least, long most,
        Func<StorageOptions, long, StorageOptions> set) =>
        new(name, StorageOptionKind.Size, drivers, fallback, summary, (StorageOptions options, string value, out string problem) =>
        {
            problem = "";
            if (!DockerSize.TryParse(value, out long bytes))
                problem = $"{name} is '{value}', which is not a size; write one as 10G or 512M";
            else if (bytes < least || bytes > most)
                problem = $"{name} is {value}, which is out of range; it may be {Iec(least)} to {Iec(most)}";
            return problem.Length == 0 ? set(options, bytes) : null;
        });

    private static StorageOption Boolean(
        string name, ImmutableArray<string> drivers, string fallback, string summary, Func<StorageOptions, bool, StorageOptions> set) =>
        new(name, StorageOptionKind.Boolean, drivers, fallback, summary, (StorageOptions options, string value, out string problem) =>
        {
            problem = "";
            // The spellings of Go's strconv.ParseBool, which Docker uses.
            switch (value)
            {
                case "1" or "t" or "T" or "true" or "TRUE" or "True":
                    return set(options, true);
                case "0" or "f" or "F" or "false" or "FALSE" or "False":
                    return set(options, false);
                default:
                    problem = $"{name} is '{value}'; it is true or false";
                    return null;
            }
        });

    private static StorageOption Whole(
        string name, ImmutableArray<string> drivers, string fallback, string summary, StorageOptionKind kind, int least, int most,
        Func<StorageOptions, int, StorageOptions> set) =>
        new(name, kind, drivers, fallback, summary, (StorageOptions options, string value, out string problem) =>
        {
            problem = "";
            if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
                return set(options, number);
            problem = $"{name} is '{value}'; it is a whole number from {least} to {most}";
            return null;
        });

    private static StorageOption Text(
        string name, ImmutableArray<string> drivers, string fallback, string summary, string example,
        Func<StorageOptions, string, StorageOptions> set) =>
        new(name, StorageOptionKind.Text, drivers, fallback, summary, (StorageOptions options, string value, out string problem) =>
            ReadText(value, text => set(options, text), name, example, out problem));

    private static StorageOptions? ReadText(string value, Func<string, StorageOptions> set, string name, string example, out string problem)
    {
        problem = string.IsNullOrWhiteSpace(value) ? $"{name} is empty; give a value such as {example}, or leave the option out" : "";
        return problem.Length == 0 ? set(value) : null;
    }

    private static StorageOptions? ReadMountOptions(StorageOptions options, string value, out string problem)
    {
        ImmutableArray<string> words = [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        string? unknown = words.FirstOrDefault(word => !MountOptions.Contains(word));
        if (unknown is not null)
        {
            string hint = NearestWord.Find(unknown, MountOptions) is { } nearest ? $"did you mean {nearest}?" : $"the model takes {string.Join(", ", MountOptions)}";
            problem = $"dm.mountopt has '{unknown}'; {hint}";
            return null;
        }

        return ReadText(value, _ => options with { MountOptions = words }, "dm.mountopt", "discard", out problem);
    }

    // drivers/md/dm-thin.c: DATA_DEV_BLOCK_SIZE_MIN_SECTORS (128), DATA_DEV_BLOCK_SIZE_MAX_SECTORS (2,097,152), a multiple of the minimum.
    private static StorageOptions? ReadBlockSize(StorageOptions options, string value, out string problem)
    {
        problem = "";
        if (!DockerSize.TryParse(value, out long bytes))
            problem = $"dm.blocksize is '{value}', which is not a size; write one as 64K or 512K";
        else if (bytes < 64L << 10 || bytes > 1L << 30 || bytes % (64L << 10) != 0)
            problem = $"dm.blocksize is {value}; the kernel takes multiples of 64 KiB from 64 KiB to 1 GiB";
        return problem.Length == 0 ? options with { ThinBlockBytes = bytes } : null;
    }

    private static StorageOptions? ReadMinFreeSpace(StorageOptions options, string value, out string problem)
    {
        problem = "";
        if (!value.EndsWith('%'))
            problem = $"dm.min_free_space is '{value}' without its sign; write it as 10%";
        else if (!int.TryParse(value.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out int percent) || percent > 99)
            problem = $"dm.min_free_space is '{value}'; it is a whole share from 0% to 99%";
        else
            return options with { MinFreeSpacePercent = percent };
        return null;
    }

    private static StorageOptions? ReadFileSystem(StorageOptions options, string value, out string problem)
    {
        problem = value is "xfs" or "ext4" ? "" : $"dm.fs is '{value}'; Docker formats images with xfs or ext4";
        return problem.Length == 0 ? options with { FileSystem = value } : null;
    }

    private static string Iec(long bytes) => bytes switch
    {
        >= 1L << 40 => $"{bytes >> 40} TiB",
        >= 1L << 30 => $"{bytes >> 30} GiB",
        >= 1L << 20 => $"{bytes >> 20} MiB",
        _ => $"{bytes} B",
    };
}
