using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Model.Blocks;
using StorageLab.Model.FileSystems;
using StorageLab.Model.FileSystems.Ext4;
using StorageLab.Model.FileSystems.Xfs;

namespace StorageLab.Model.Drivers;

/// <summary>mkfs: which file system a device gets, by name, kernel generation and options.</summary>
public static class FileSystemFormat
{
    /// <summary>The file systems by the names that scenarios and dm.fs use.</summary>
    public static ImmutableArray<string> Names { get; } = ["xfs", "ext4"];

    /// <summary>Formats a device.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="kernel">Tells the generation of the host's mkfs too.</param>
    /// <param name="isBaseDevice">Docker's own call for the base device: on kernels before 3.16 it turns checksums off (deviceset.go, createFilesystem).</param>
    /// <param name="arguments">Further arguments as mkfs takes them, e.g. <c>-m reflink=0</c> or <c>reflink=0</c>.</param>
    /// <param name="clock">The host's time.</param>
    /// <param name="inodeTableWaitMultiple">For ext4, <see cref="Ext4FormatOptions.InodeTableWaitMultiple"/>.</param>
    /// <returns>The file system, unmounted.</returns>
    /// <exception cref="ArgumentException">The file system or an argument is unknown, or the device too small.</exception>
    public static IFileSystem Make(
        string name, IBlockDevice device, KernelVersion kernel, bool isBaseDevice, ImmutableArray<string> arguments, VirtualClock clock,
        int inodeTableWaitMultiple = 0)
    {
        if (ProblemOf(name, arguments) is { } problem)
            throw new ArgumentException(problem, nameof(arguments));
        FsStatus status;
        FileSystem fileSystem = name switch
        {
            "xfs" => XfsFileSystem.Format(device, XfsOptions(kernel, isBaseDevice, arguments, out _), out status),
            "ext4" => Ext4FileSystem.Format(
                device, Ext4Options(kernel, isBaseDevice, arguments, out _) with { InodeTableWaitMultiple = inodeTableWaitMultiple }, out status),
            _ => throw new ArgumentException($"no file system '{name}'; the model has {string.Join(" and ", Names)}", nameof(name)),
        };
        fileSystem.Clock = clock;
        return status == FsStatus.Ok
            ? fileSystem
            : throw new ArgumentException($"mkfs.{name} fails on a device of {device.LengthBytes} bytes: {ErrnoText.Of(status)}", nameof(device));
    }

    /// <summary>What is wrong with arguments of mkfs, and which the model takes; null when it takes them all.</summary>
    public static string? ProblemOf(string name, ImmutableArray<string> arguments)
    {
        string? problem;
        _ = name == "xfs" ? (object)XfsOptions(default, isBaseDevice: false, arguments, out problem) : Ext4Options(default, isBaseDevice: false, arguments, out problem);
        return problem;
    }

    private static XfsFormatOptions XfsOptions(KernelVersion kernel, bool isBaseDevice, ImmutableArray<string> arguments, out string? problem)
    {
        problem = null;
        XfsFormatOptions options = kernel >= KernelChanges.XfsToolsAreCurrent ? XfsFormatOptions.Current
            : isBaseDevice && kernel < KernelChanges.BaseDeviceHasChecksums ? XfsFormatOptions.CentOs7WithoutChecksums
            : XfsFormatOptions.CentOs7;
        foreach (string word in Words(arguments))
        {
            XfsFormatOptions? told = word switch
            {
                "crc=0" => options with { HasChecksums = false, HasFreeInodeTree = false, HasReflink = false },
                "crc=1" => options with { HasChecksums = true },
                "finobt=0" => options with { HasFreeInodeTree = false },
                "finobt=1" => options with { HasFreeInodeTree = true },
                "reflink=0" => options with { HasReflink = false },
                "reflink=1" => options with { HasReflink = true },
                "sparse=0" => options with { HasSparseInodes = false },
                "sparse=1" => options with { HasSparseInodes = true },
                _ => null,
            };
            if (told is null)
                problem ??= $"mkfs.xfs argument '{word}' is not modelled; crc, finobt, reflink and sparse (each =0 or =1) are";
            options = told ?? options;
        }

        return options;
    }

    private static Ext4FormatOptions Ext4Options(KernelVersion kernel, bool isBaseDevice, ImmutableArray<string> arguments, out string? problem)
    {
        problem = null;
        Ext4FormatOptions options = (isBaseDevice ? Ext4FormatOptions.DockerBase : Ext4FormatOptions.Host) with
        {
            JournalKeepsPlaceAcrossMounts = kernel >= KernelChanges.Ext4JournalKeepsPlace,
            TriesLoadedGroupsFirst = kernel >= KernelChanges.Ext4TriesLoadedGroupsFirst,
        };
        string? flag = null;
        foreach (string word in arguments.SelectMany(argument => argument.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)))
        {
            if (word is "-i" or "-m" or "-E" or "-F")
            {
                flag = word;
                continue;
            }

            Ext4FormatOptions? told = (flag, word) switch
            {
                ("-i", _) when int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int ratioBytes) && ratioBytes is >= 1024 and <= 67108864 =>
                    options with { InodeRatioBytes = ratioBytes },
                ("-m", _) when int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int percent) && percent <= 50 =>
                    options with { ReservedPercent = percent },
                (_, "nodiscard" or "lazy_journal_init=0" or "lazy_journal_init=1") => options,
                (_, "lazy_itable_init=0") => options with { LazyInodeTables = false },
                (_, "lazy_itable_init=1") => options with { LazyInodeTables = true },
                _ => null,
            };
            if (told is null)
                problem ??= $"mkfs.ext4 argument '{word}' is not modelled; -i BYTES-PER-INODE, -m PERCENT and -E lazy_itable_init=0 or =1 are";
            options = told ?? options;
        }

        return options;
    }

    /// <summary>The settings in a list of arguments; the letters that group them (-m, -i) say nothing more.</summary>
    private static IEnumerable<string> Words(ImmutableArray<string> arguments) =>
        arguments.SelectMany(argument => argument.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)).Where(word => !word.StartsWith('-'));
}
