using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Shell.Posix.Commands;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Host;

/// <summary>du on the host's /var/lib/docker, on its one file system (-x): containers' mounts in it are not entered.</summary>
internal sealed class DuCommand(HostFiles files)
{
    private static readonly OptionSet Options = new(
        "du", "shkmbxaA", "d",
        ("summarize", 's'), ("human-readable", 'h'), ("apparent-size", 'A'), ("bytes", 'b'), ("one-file-system", 'x'), ("all", 'a'), ("max-depth", 'd'));

    public CommandRun Prepare(ImmutableArray<string> arguments)
    {
        ParsedOptions options = Options.Parse(arguments);
        int depthMax = options.Has('s') ? 0 : options.Count("du", 'd') ?? int.MaxValue;
        return call =>
        {
            var status = 0;
            foreach (string operand in options.Operands.IsEmpty ? ["."] : options.Operands)
            {
                if (files.TryFind(call.State.Resolve(operand), out InodeId inode))
                {
                    Print(call, options, operand, inode, depthMax);
                    continue;
                }

                call.Complain(HostFiles.Holds(call.State.Resolve(operand))
                    ? $"du: cannot access '{operand}': No such file or directory"
                    : $"du: cannot access '{operand}': only {HostFiles.RootPath} has a disk under it in the lab");
                status = 1;
            }

            return status;
        };
    }

    /// <summary>Prints what is under a directory and the directory itself last, as du does.</summary>
    private void Print(CommandCall call, ParsedOptions options, string path, InodeId inode, int depthLeft)
    {
        foreach ((string name, InodeId child) in depthLeft > 0 ? files.List(inode) : [])
        {
            if (options.Has('a') || files.FileSystem.Stat(child).Kind == InodeKind.Directory)
                Print(call, options, $"{path.TrimEnd('/')}/{name}", child, depthLeft - 1);
        }

        call.Print($"{Size(options.Has('A') || options.Has('b') ? ApparentBytes(inode) : DirectoryUsage.Of(files.FileSystem, inode).AllocatedBytes, options)}\t{path}");
    }

    private long ApparentBytes(InodeId inode) =>
        files.FileSystem.Stat(inode).SizeBytes + files.List(inode).Sum(child => ApparentBytes(child.Inode));

    private static string Size(long bytes, ParsedOptions options) => options.Has('h')
        ? HumanSize.Format(bytes)
        : Units(bytes, options.Has('b') ? 1 : options.Has('m') ? 1 << 20 : 1 << 10).ToString(CultureInfo.InvariantCulture);

    private static long Units(long bytes, long unit) => (bytes + unit - 1) / unit;
}
