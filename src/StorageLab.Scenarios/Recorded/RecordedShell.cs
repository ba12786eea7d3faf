using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Recorded;

/// <summary>Reads the command of a recorded exec: the few that write, alone or in a shell line joined by <c>&amp;&amp;</c> or semicolons.</summary>
internal sealed class RecordedShell
{
    /// <summary>What busybox cat and cp move at a time, in bytes (libbb/copyfd.c, COPYBUF).</summary>
    private const long CopyChunkBytes = 64 << 10;

    /// <summary>dd's block when it is not told one, in bytes.</summary>
    private const string DdBlock = "512";

    private readonly NameTable _names;

    private RecordedShell(NameTable names) => _names = names;

    /// <summary>Reads the command of a step.</summary>
    /// <param name="problem">What is not read and where, when the result is false.</param>
    /// <exception cref="InputException">The step has no command at all.</exception>
    public static bool TryRead(
        JsonFile json, YamlNode step, NameTable names, out ImmutableArray<ContainerOperation> operations, [NotNullWhen(false)] out InputProblem? problem)
    {
        IReadOnlyList<YamlNode> command = json.List(step, "cmd");
        string[] words = [.. command.Select(json.Text)];
        RecordedShell shell = new(names);
        problem = null;
        operations = [];
        try
        {
            operations = words is ["sh" or "/bin/sh", "-c", var line]
                ? [.. line.Split(["&&", ";"], StringSplitOptions.None).SelectMany(part => shell.Read(part.Split(' ', StringSplitOptions.RemoveEmptyEntries)))]
                : [.. shell.Read(words)];
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            problem = json.Bad(json.Member(step, "cmd"), $"{LayerLimits.ShownLine(e.Message.Split(" (Parameter", 2)[0])}; the step is passed over").Problems[0];
            return false;
        }
    }

    private IEnumerable<ContainerOperation> Read(string[] words) => words switch
    {
        ["busybox" or "/bin/busybox", .. var applet] => Read(applet),
        ["dd", ..] => [Dd(words)],
        ["cat", .. var sources, ">", var path] => [new ContainerOperation.Copy([.. sources.Select(PathOf)], PathOf(path), CopyChunkBytes, FsyncPolicy.Never)],
        ["cp", var source, var path] => [new ContainerOperation.Copy([PathOf(source)], PathOf(path), CopyChunkBytes, FsyncPolicy.Never)],
        ["echo", .. var text, ">", var path] =>
            [new ContainerOperation.Create(PathOf(path), string.Join(' ', text).Length + 1, CopyChunkBytes, FsyncPolicy.Never)],
        ["rm", "-rf" or "-r", var path] => [new ContainerOperation.DeleteTree(PathOf(path))],
        ["rm", var path] => [new ContainerOperation.Delete(PathOf(path))],
        ["mkdir", "-p", var path] => [new ContainerOperation.MakeDirectory(PathOf(path))],
        ["sync"] => [new ContainerOperation.Sync()],
        [] or ["ls" or "true" or "sleep", ..] => [],
        _ => throw new FormatException(
            $"the command '{LayerLimits.Shown(string.Join(' ', words))}' is not read; dd, cat, cp, echo, rm, mkdir, sync and ls are"),
    };

    private ContainerOperation Dd(string[] words)
    {
        string Argument(string name, string fallback) =>
            words.FirstOrDefault(word => word.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? fallback;

        long blockBytes = SizeOf(Argument("bs", DdBlock));
        FsyncPolicy fsync = Argument("conv", "").Contains("fsync", StringComparison.Ordinal) ? FsyncPolicy.End : FsyncPolicy.Never;
        ContainerPath path = PathOf(Argument("of", ""));
        if (Argument("if", "") is not ("/dev/zero" or "/dev/urandom"))
            return new ContainerOperation.Copy([PathOf(Argument("if", ""))], path, blockBytes, fsync);
        long count = SizeOf(Argument("count", "1"));
        return count <= RecordedSteps.WriteCountMax && blockBytes * count <= LayerLimits.FileBytesMax
            ? new ContainerOperation.Create(path, blockBytes * count, blockBytes, fsync)
            : throw new FormatException($"dd of {count} blocks of {blockBytes} bytes is more than is read");
    }

    private ContainerPath PathOf(string path) => ContainerPath.Parse(_names, path);

    private static long SizeOf(string text)
    {
        long unit = text.Length > 0 ? char.ToLowerInvariant(text[^1]) switch { 'k' => 1 << 10, 'm' => 1 << 20, 'g' => 1 << 30, _ => 1 } : 1;
        return long.TryParse(unit == 1 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count is > 0 and < 1L << 40
            ? count * unit
            : throw new FormatException($"'{LayerLimits.Shown(text)}' is not a size");
    }
}
