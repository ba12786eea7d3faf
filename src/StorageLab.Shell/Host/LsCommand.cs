using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Model.FileSystems;
using StorageLab.Shell.Posix.Commands;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Host;

/// <summary>ls on the host's /var/lib/docker and on the lab's own files.</summary>
/// <remarks>The lab keeps no owners, modes and times: everything is root's, files are rw------- and as old as the moment.</remarks>
internal sealed class LsCommand(HostFiles files, Func<DateTimeOffset> now)
{
    private const int BlockBytes = 1024;

    private static readonly OptionSet Options = new("ls", "lsh1aAdk", "", ("human-readable", 'h'), ("size", 's'), ("all", 'a'), ("directory", 'd'));

    public CommandRun Prepare(ImmutableArray<string> arguments)
    {
        ParsedOptions options = Options.Parse(arguments);
        return call =>
        {
            var status = 0;
            List<Entry> single = [];
            List<(string Path, List<Entry> Entries)> directories = [];
            foreach (string operand in options.Operands.IsEmpty ? ["."] : options.Operands)
            {
                string path = call.State.Resolve(operand);
                if (Find(call.State, path, operand) is not { } entry)
                {
                    call.Complain($"ls: cannot access '{operand}': No such file or directory");
                    status = 2;
                }
                else if (entry.IsDirectory && !options.Has('d'))
                {
                    directories.Add((operand, [.. Children(call.State, path)]));
                }
                else
                {
                    single.Add(entry);
                }
            }

            Print(call, options, single);
            foreach ((string path, List<Entry> entries) in directories)
            {
                if (single.Count + directories.Count > 1)
                    call.Print($"{(path == directories[0].Path && single.Count == 0 ? "" : "\n")}{path}:");
                if (options.Has('l') || options.Has('s'))
                    call.Print($"total {Blocks(entries.Sum(entry => entry.AllocatedBytes), options)}");
                Print(call, options, entries);
            }

            return status;
        };
    }

    private Entry? Find(ShellState state, string path, string shown)
    {
        if (HostFiles.Holds(path))
            return files.TryFind(path, out InodeId inode) ? EntryOf(shown, inode) : null;
        if (state.Files.IsDirectory(path))
            return new Entry(shown, InodeKind.Directory, 0, 0, 1);
        return state.Files.TryRead(path, out string text) ? FileOf(shown, text) : null;
    }

    private IEnumerable<Entry> Children(ShellState state, string path)
    {
        if (HostFiles.Holds(path))
        {
            return files.TryFind(path, out InodeId directory)
                ? files.List(directory).Where(child => child.Name[0] != '.').Select(child => EntryOf(child.Name, child.Inode))
                : [];
        }

        return state.Files.NamesIn(path).Select(name => Find(state, state.Resolve($"{path}/{name}"), name)).OfType<Entry>();
    }

    private Entry EntryOf(string name, InodeId inode)
    {
        InodeStat stat = files.FileSystem.Stat(inode);
        return new Entry(name, stat.Kind, stat.SizeBytes, stat.AllocatedBytes, stat.LinkCount);
    }

    private static Entry FileOf(string name, string text)
    {
        long sizeBytes = System.Text.Encoding.UTF8.GetByteCount(text);
        return new Entry(name, InodeKind.File, sizeBytes, (sizeBytes + 4095) / 4096 * 4096, 1);
    }

    private void Print(CommandCall call, ParsedOptions options, List<Entry> entries)
    {
        bool isLong = options.Has('l');
        int blocksWidth = Width(entries, entry => Blocks(entry.AllocatedBytes, options));
        int linksWidth = Width(entries, entry => entry.LinkCount.ToString(CultureInfo.InvariantCulture));
        int sizeWidth = Width(entries, entry => Size(entry.SizeBytes, options));
        foreach (Entry entry in entries)
        {
            string line = options.Has('s') ? Blocks(entry.AllocatedBytes, options).PadLeft(blocksWidth) + " " : "";
            if (isLong)
            {
                line += $"{entry.Mode} {entry.LinkCount.ToString(CultureInfo.InvariantCulture).PadLeft(linksWidth)} root root "
                    + $"{Size(entry.SizeBytes, options).PadLeft(sizeWidth)} {now().ToString("MMM", CultureInfo.InvariantCulture)} "
                    + $"{now().Day,2} {now().ToString("HH:mm", CultureInfo.InvariantCulture)} ";
            }

            call.Print(line + entry.Name);
        }
    }

    private static int Width(List<Entry> entries, Func<Entry, string> text) => entries.Select(entry => text(entry).Length).DefaultIfEmpty().Max();

    private static string Size(long bytes, ParsedOptions options) =>
        options.Has('h') ? HumanSize.Format(bytes) : bytes.ToString(CultureInfo.InvariantCulture);

    private static string Blocks(long bytes, ParsedOptions options) =>
        options.Has('h') ? HumanSize.Format(bytes) : ((bytes + BlockBytes - 1) / BlockBytes).ToString(CultureInfo.InvariantCulture);

    private sealed record Entry(string Name, InodeKind Kind, long SizeBytes, long AllocatedBytes, int LinkCount)
    {
        public bool IsDirectory => Kind == InodeKind.Directory;

        public string Mode => Kind switch
        {
            InodeKind.Directory => "drwx------",
            InodeKind.Symlink => "lrwxrwxrwx",
            InodeKind.Special => "brw-------",
            InodeKind.Whiteout => "c---------",
            _ => "-rw-------",
        };
    }
}
