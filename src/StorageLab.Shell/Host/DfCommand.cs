using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Model.FileSystems;
using StorageLab.Shell.Posix.Commands;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Host;

/// <summary>df of the host's one disk, the one that holds /var/lib/docker.</summary>
internal sealed class DfCommand(IFileSystem fileSystem)
{
    private const string DeviceName = "/dev/sda1";

    private static readonly OptionSet Options = new("df", "hTik", "", ("human-readable", 'h'), ("print-type", 'T'), ("inodes", 'i'));

    public CommandRun Prepare(ImmutableArray<string> arguments)
    {
        ParsedOptions options = Options.Parse(arguments);
        return call =>
        {
            Print(call, options);
            return 0;
        };
    }

    private void Print(CommandCall call, ParsedOptions options)
    {
        FsUsage usage = fileSystem.Usage;
        bool countsInodes = options.Has('i');
        (long total, long used) = countsInodes ? (usage.TotalInodeCount, usage.UsedInodeCount) : (usage.TotalBytes, usage.UsedBytes);
        string[] headings = countsInodes ? ["Inodes", "IUsed", "IFree", "IUse%"] : options.Has('h') ? ["Size", "Used", "Avail", "Use%"] : ["1K-blocks", "Used", "Available", "Use%"];
        string[] values =
        [
            Amount(total), Amount(used), Amount(total - used),
            // df rounds the share up.
            total == 0 ? "-" : $"{((used * 100) + total - 1) / total}%",
        ];
        List<(string Heading, string Value, bool IsLeft, int WidthMin)> columns = [("Filesystem", DeviceName, true, 14)];
        if (options.Has('T'))
            columns.Add(("Type", fileSystem.TypeName, true, 4));
        columns.AddRange(headings.Zip(values, (heading, value) => (heading, value, false, heading.EndsWith('%') ? 4 : 5)));
        columns.Add(("Mounted on", HostFiles.RootPath, true, 0));
        call.Print(Line(columns, column => column.Heading));
        call.Print(Line(columns, column => column.Value));

        string Amount(long amount) => options.Has('h') ? HumanSize.Format(amount)
            : (countsInodes ? amount : (amount + 1023) / 1024).ToString(CultureInfo.InvariantCulture);
    }

    private static string Line(List<(string Heading, string Value, bool IsLeft, int WidthMin)> columns, Func<(string Heading, string Value, bool IsLeft, int WidthMin), string> text) =>
        string.Join(' ', columns.Select(column =>
        {
            int width = Math.Max(column.WidthMin, Math.Max(column.Heading.Length, column.Value.Length));
            return column.IsLeft ? text(column).PadRight(width) : text(column).PadLeft(width);
        })).TrimEnd();
}
