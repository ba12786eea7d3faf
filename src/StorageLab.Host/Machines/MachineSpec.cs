using System.Collections.Immutable;
using StorageLab.Model.Drivers;

namespace StorageLab.Host.Machines;

/// <summary>What is to be set up in a throw-away machine: the disk, its file system and the daemon's driver.</summary>
/// <param name="RunId">Name of the run: letters, digits, dots, dashes and underscores.</param>
/// <param name="Variant">Driver, options and disk; the kernel is the machine's own, whatever the variant's host says.</param>
/// <param name="RootFolder">Docker's root in the machine.</param>
/// <param name="OutFolder">Where the run's files are left, in the machine.</param>
public sealed record MachineSpec(string RunId, VariantSpec Variant, string RootFolder, string OutFolder)
{
    /// <summary>The disk that is measured: Docker's root is on it, or with direct-lvm the pool.</summary>
    public const string Disk = "ubdc";

    /// <summary>With direct-lvm the disk of Docker's root.</summary>
    public const string SecondDisk = "ubdd";

    /// <summary>Size of <see cref="SecondDisk"/>, as in the recorded runs.</summary>
    public const long SecondDiskBytes = 8L << 30;

    private const string PoolDevice = "dm.thinpooldev";
    private const string DirectDevice = "dm.directlvm_device";
    private const string BlockSize = "dm.blocksize";

    /// <summary>Name of the disk that gets a file system for Docker's root.</summary>
    public string RootDisk => Variant.Driver == DriverNames.DirectLvm ? SecondDisk : Disk;

    /// <summary>Options of the daemon's driver as its command line takes them.</summary>
    public ImmutableArray<string> StorageOptions
    {
        get
        {
            ImmutableSortedDictionary<string, string> options = Variant.Options;
            if (options.ContainsKey(PoolDevice))
                options = options.SetItem(PoolDevice, "/dev/mapper/docker-thinpool").Remove(BlockSize);
            else if (Variant.Driver == DriverNames.DirectLvm)
                options = options.SetItem(DirectDevice, "/dev/" + Disk).SetItem("dm.directlvm_device_force", "true");
            return [.. options.Select(option => $"{option.Key}={option.Value}")];
        }
    }

    /// <summary>Commands that make the file system of Docker's root and, where the pool is not Docker's to make, the pool.</summary>
    public ImmutableArray<string> SetupCommands
    {
        get
        {
            ImmutableArray<string>.Builder commands = ImmutableArray.CreateBuilder<string>();
            commands.Add($"{Mkfs} /dev/{RootDisk}");
            commands.Add($"mount /dev/{RootDisk} {RootFolder}");
            if (Variant.Options.ContainsKey(PoolDevice))
            {
                commands.Add($"pvcreate /dev/{Disk}");
                commands.Add($"vgcreate docker /dev/{Disk}");
                commands.Add("lvcreate -y -W n -Z n -n thinpool docker -l 95%VG");
                commands.Add("lvcreate -y -W n -Z n -n thinpoolmeta docker -l 1%VG");
                commands.Add($"lvconvert -y --zero n -c {Variant.Options.GetValueOrDefault(BlockSize, "64K")} --thinpool docker/thinpool --poolmetadata docker/thinpoolmeta");
            }

            return commands.ToImmutable();
        }
    }

    private string Mkfs
    {
        get
        {
            bool isXfs = Variant.Host.FileSystem == "xfs";
            string force = isXfs ? "mkfs.xfs -f" : "mkfs.ext4 -F -E nodiscard";
            string given = string.Join(' ', Variant.Host.MkfsOptions);
            // A recorded run gives what stood on its command line; a scenario also single settings, as in reflink=0.
            bool isCommandLine = given.Split(' ').Any(word => word.StartsWith('-'));
            IEnumerable<string> options = isCommandLine
                ? [given]
                : given.Split((char[])[' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(setting => $"{(isXfs ? XfsFlagOf(setting) : "-E")} {setting}");
            return string.Join(' ', options.Prepend(force));
        }
    }

    /// <summary>The letter that mkfs.xfs takes a setting under (mkfs.xfs(8)).</summary>
    private static string XfsFlagOf(string setting) => setting.Split('=')[0] switch
    {
        "ftype" => "-n",
        "sparse" => "-i",
        _ => "-m",
    };
}
