using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Shell.Docker;
using StorageLab.Shell.Docker.Images;
using StorageLab.Shell.Posix.Commands;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Host;

/// <summary>tar t, of what docker saved: names, and with v sizes and dates.</summary>
internal sealed class TarCommand(DockerHost host)
{
    /// <summary>GNU tar's columns of owner and size together (src/list.c, ugswidth).</summary>
    private const int OwnerAndSizeWidth = 19;

    private static readonly OptionSet Options = new("tar", "tv", "f", ("list", 't'), ("verbose", 'v'), ("file", 'f'));

    public CommandRun Prepare(ImmutableArray<string> arguments)
    {
        // The first word's letters need no dash.
        if (!arguments.IsEmpty && !arguments[0].StartsWith('-'))
            arguments = arguments.SetItem(0, "-" + arguments[0]);
        ParsedOptions options = Options.Parse(arguments);
        if (!options.Has('t') || options.Value('f') is not { } file || !options.Operands.IsEmpty)
            throw new CommandUsageException(-1, "tar lists archives of images here: tar tf FILE, or tar tvf -");
        return call => Run(call, file, options.Has('v'));
    }

    private int Run(CommandCall call, string file, bool isVerbose)
    {
        if (call.ReadText("tar", file) is not { } name)
            return 2;
        if (!host.HasArchive(name) || host.ReadArchive(name) is not { } images)
        {
            call.Complain(name.Length == 0 ? "tar: This does not look like a tar archive" : $"tar: {file}: the lab lists archives of images only");
            return 2;
        }

        foreach (SavedArchive.Entry entry in SavedArchive.Of(images))
        {
            bool isFolder = entry.Name.EndsWith('/');
            string size = entry.Bytes.ToString(CultureInfo.InvariantCulture);
            call.Print(isVerbose
                ? $"{(isFolder ? "drwxr-xr-x" : "-rw-r--r--")} 0/0{size.PadLeft(OwnerAndSizeWidth - "0/0".Length)} {entry.Modified.Format("yyyy-MM-dd HH:mm")} {entry.Name}"
                : entry.Name);
        }

        return 0;
    }
}
