using System.Collections.Immutable;
using StorageLab.Model.Text;

namespace StorageLab.Model.Drivers;

/// <summary>A driver's storage options, read and typed, with Docker's defaults for that driver.</summary>
/// <remarks>
/// Source: moby v20.10.24, daemon/graphdriver/devmapper/deviceset.go (NewDeviceSet and its defaults), devmapper/device_setup.go
/// (automatic direct-lvm) and overlay2/overlay.go (parseOptions). A null value was not given, and Docker decides by itself.
/// </remarks>
public sealed record StorageOptions
{
    private StorageOptions(string driver) => Driver = driver;

    /// <summary>One of <see cref="DriverNames.All"/>.</summary>
    public string Driver { get; }

    /// <summary>Apparent size of loop-lvm's data file in bytes (dm.loopdatasize).</summary>
    public long LoopDataBytes { get; init; } = DockerDefaults.LoopDataBytes;

    /// <summary>Apparent size of loop-lvm's metadata file in bytes (dm.loopmetadatasize).</summary>
    public long LoopMetadataBytes { get; init; } = DockerDefaults.LoopMetadataBytes;

    /// <summary>Virtual size of every image's and container's device in bytes (dm.basesize).</summary>
    public long BaseDeviceBytes { get; init; } = DockerDefaults.BaseDeviceBytes;

    /// <summary>The pool's data block in bytes (dm.blocksize): 64 KiB on loop-lvm; 512 KiB on direct-lvm, where it stands for lvconvert's
    /// <c>-c</c>.</summary>
    public long ThinBlockBytes { get; init; } = DockerDefaults.ThinBlockBytes;

    /// <summary>Share of data and metadata blocks that must stay free for a new device (dm.min_free_space); 0 switches the check
    /// off.</summary>
    public int MinFreeSpacePercent { get; init; } = DockerDefaults.MinFreeSpacePercent;

    /// <summary>dm.blkdiscard as given; <see cref="DiscardsOnDelete"/> is what holds.</summary>
    public bool? BlkDiscard { get; init; }

    /// <summary>"xfs" or "ext4" (dm.fs); null is Docker's choice, xfs where the host has it.</summary>
    public string? FileSystem { get; init; }

    /// <summary>Arguments of mkfs for the base device (dm.mkfsarg), each as it was given.</summary>
    public ImmutableArray<string> MkfsArguments { get; init; } = [];

    /// <summary>Mount options of every device (dm.mountopt) as they were given; empty when not given.</summary>
    public ImmutableArray<string> MountOptions { get; init; } = [];

    /// <summary>Whether the file systems of images and containers discard what they free as they go (the mount option discard).</summary>
    public bool DiscardsFreedBlocks => MountOptions.LastOrDefault(option => option is "discard" or "nodiscard") == "discard";

    /// <summary>dm.use_deferred_removal as given; Docker turns it on where the kernel can (devicemapper 4.27).</summary>
    public bool? UseDeferredRemoval { get; init; }

    /// <summary>dm.use_deferred_deletion as given; Docker turns it on with deferred removal.</summary>
    public bool? UseDeferredDeletion { get; init; }

    /// <summary>dm.xfs_nospace_max_retries as given; xfs retries for ever when it is not.</summary>
    public int? XfsNospaceMaxRetries { get; init; }

    /// <summary>dm.directlvm_device as given. The model gives every direct-lvm host a second disk, whatever its name.</summary>
    public string? DirectLvmDevice { get; init; }

    /// <summary>dm.thinpooldev as given: a pool made beforehand, not by Docker.</summary>
    public string? ThinPoolDevice { get; init; }

    /// <summary>Share of the volume group for the pool's data (dm.thinp_percent).</summary>
    public int ThinpPercent { get; init; } = DockerDefaults.ThinpPercent;

    /// <summary>Share of the volume group for the pool's metadata (dm.thinp_metapercent).</summary>
    public int ThinpMetaPercent { get; init; } = DockerDefaults.ThinpMetaPercent;

    /// <summary>Use from which dmeventd grows the pool (dm.thinp_autoextend_threshold); 100 is never.</summary>
    public int ThinpAutoextendThresholdPercent { get; init; } = DockerDefaults.ThinpAutoextendThresholdPercent;

    /// <summary>By how much of its size it grows the pool (dm.thinp_autoextend_percent).</summary>
    public int ThinpAutoextendPercent { get; init; } = DockerDefaults.ThinpAutoextendPercent;

    /// <summary>Quota of every container in bytes (overlay2.size); null without one.</summary>
    public long? OverlaySizeBytes { get; init; }

    /// <summary>overlay2.override_kernel_check: read, and without effect since Docker 19.03.7.</summary>
    public bool OverlayOverrideKernelCheck { get; init; }

    /// <summary>Whether a device is discarded before it is deleted: by default, except on a pool that was made beforehand. Docker decides it before
    /// dm.directlvm_device has given it a pool's name, so the direct-lvm it sets up by itself is discarded as a loop device is
    /// (deviceset.go, NewDeviceSet before initDevmapper; recorded run S1-direct-lvm finds devices held, which only a discard brings about).</summary>
    public bool DiscardsOnDelete => BlkDiscard ?? ThinPoolDevice is null;

    /// <summary>What holds when nothing is given.</summary>
    /// <exception cref="ArgumentException">There is no such driver.</exception>
    public static StorageOptions Default(string driver)
    {
        if (!DriverNames.All.Contains(driver))
            throw new ArgumentException($"no driver '{driver}'", nameof(driver));
        StorageOptions options = new(driver);
        return driver == DriverNames.DirectLvm ? options with { ThinBlockBytes = DockerDefaults.DirectLvmBlockBytes } : options;
    }

    /// <summary>Reads options given by Docker's names.</summary>
    /// <param name="driver">One of <see cref="DriverNames.All"/>.</param>
    /// <param name="given">Name to value; names in any case, as Docker takes them.</param>
    /// <param name="problems">Everything that is wrong, in the order of <paramref name="given"/>; what is wrong keeps its default.</param>
    /// <exception cref="ArgumentException">There is no such driver.</exception>
    public static StorageOptions Parse(
        string driver, IEnumerable<KeyValuePair<string, string>> given, out ImmutableArray<StorageOptionProblem> problems)
    {
        StorageOptions options = Default(driver);
        ImmutableArray<StorageOptionProblem>.Builder found = ImmutableArray.CreateBuilder<StorageOptionProblem>();
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach ((string givenName, string value) in given)
        {
            string name = givenName.ToLowerInvariant();
            names.TryAdd(name, givenName);
            if (StorageOptionCatalog.Find(name) is not { } option)
                found.Add(new StorageOptionProblem(givenName, true, UnknownName(driver, givenName)));
            else if (!option.Drivers.Contains(driver))
                found.Add(new StorageOptionProblem(givenName, true, OtherDriver(option, driver)));
            else if (option.Read(options, value, out string problem) is { } read)
                options = read;
            else
                found.Add(new StorageOptionProblem(givenName, false, problem));
        }

        CheckTogether(options, names, found);
        problems = found.ToImmutable();
        return options;
    }

    // The same rules that stop Docker at start: devmapper/device_setup.go (validateLVMConfig) and deviceset.go (NewDeviceSet).
    private static void CheckTogether(
        StorageOptions options, Dictionary<string, string> names, ImmutableArray<StorageOptionProblem>.Builder problems)
    {
        void Problem(string name, string message) => problems.Add(new StorageOptionProblem(names[name], false, message));

        if (options.ThinpPercent + options.ThinpMetaPercent > 100)
        {
            string name = names.ContainsKey("dm.thinp_percent") ? "dm.thinp_percent" : "dm.thinp_metapercent";
            Problem(name, $"dm.thinp_percent and dm.thinp_metapercent are {options.ThinpPercent} % and {options.ThinpMetaPercent} %: "
                + "together they must not exceed 100 %");
        }

        if (FileSystemFormat.ProblemOf(options.FileSystem ?? "xfs", options.MkfsArguments) is { } mkfsProblem)
            Problem("dm.mkfsarg", $"dm.mkfsarg: {mkfsProblem}");
        if (options is { UseDeferredDeletion: true, UseDeferredRemoval: false })
            Problem("dm.use_deferred_deletion", "dm.use_deferred_deletion needs dm.use_deferred_removal=true");
        if (options is { DirectLvmDevice: not null, ThinPoolDevice: not null })
            Problem("dm.thinpooldev", "dm.thinpooldev cannot be given together with dm.directlvm_device: give one of them");
    }

    private static string OtherDriver(StorageOption option, string driver) =>
        $"{option.Name} is an option of {string.Join(" and ", option.Drivers)}, not of {driver}";

    private static string UnknownName(string driver, string name)
    {
        IEnumerable<string> known = StorageOptionCatalog.ForDriver(driver).Select(option => option.Name);
        string? nearest = NearestWord.Find(name.ToLowerInvariant(), known)
            ?? NearestWord.Find(name.ToLowerInvariant(), StorageOptionCatalog.All.Select(option => option.Name));
        string right = nearest is null ? $"{driver} takes {string.Join(", ", known)}" : $"did you mean {nearest}?";
        return $"unknown storage option '{name}'; {right}";
    }
}
