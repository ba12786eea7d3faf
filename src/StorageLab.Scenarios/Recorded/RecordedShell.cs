using System.Collections.Immutable;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Recorded;

/// <summary>Reads the shell line of a recorded exec: the few commands that write, joined by <c>&amp;&amp;</c>.</summary>
internal static class RecordedShell
{
    /// <summary>What busybox cat and cp move at a time, in bytes (libbb/copyfd.c, COPYBUF).</summary>
    private const long CopyChunkBytes = 64 << 10;

    public static ImmutableArray<ContainerOperation> Read(JsonFile json, YamlNode step, NameTable names)
    {
        IReadOnlyList<YamlNode> command = json.List(step, "cmd");
        if (command.Count != 3 || json.Text(command[0]) != "sh" || json.Text(command[1]) != "-c")
            throw json.Bad(json.Member(step, "cmd"), "only sh -c LINE is read");
        YamlNode line = command[2];
        return [.. json.Text(line).Split("&&").SelectMany(part => ReadCommand(part.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];

        IEnumerable<ContainerOperation> ReadCommand(string[] words) => words switch
        {
            ["dd", ..] => [Dd(words)],
            ["cat", .. var sources, ">", var path] => [new ContainerOperation.Copy([.. sources.Select(PathOf)], PathOf(path), CopyChunkBytes, FsyncPolicy.Never)],
            ["cp", var source, var path] => [new ContainerOperation.Copy([PathOf(source)], PathOf(path), CopyChunkBytes, FsyncPolicy.Never)],
            ["echo", .. var text, ">", var path] =>
                [new ContainerOperation.Create(PathOf(path), string.Join(' ', text).Length + 1, CopyChunkBytes, FsyncPolicy.Never)],
            ["rm", "-rf" or "-r", var path] => [new ContainerOperation.DeleteTree(PathOf(path))],
            ["rm", var path] => [new ContainerOperation.Delete(PathOf(path))],
            ["mkdir", "-p", var path] => [new ContainerOperation.MakeDirectory(PathOf(path))],
            ["sync"] => [new ContainerOperation.Sync()],
            ["ls" or "true", ..] => [],
            _ => throw json.Bad(line, $"the command '{string.Join(' ', words)}' is not read; dd, cat, cp, echo, rm, mkdir, sync and ls are"),
        };

        ContainerOperation Dd(string[] words)
        {
            string Argument(string name, string fallback) =>
                words.FirstOrDefault(word => word.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? fallback;

            long blockBytes = SizeOf(Argument("bs", "512"));
            FsyncPolicy fsync = Argument("conv", "").Contains("fsync", StringComparison.Ordinal) ? FsyncPolicy.End : FsyncPolicy.Never;
            ContainerPath path = PathOf(Argument("of", ""));
            return Argument("if", "") is "/dev/zero" or "/dev/urandom"
                ? new ContainerOperation.Create(path, blockBytes * SizeOf(Argument("count", "1")), blockBytes, fsync)
                : new ContainerOperation.Copy([PathOf(Argument("if", ""))], path, blockBytes, fsync);
        }

        ContainerPath PathOf(string path)
        {
            try
            {
                return ContainerPath.Parse(names, path);
            }
            catch (ArgumentException e)
            {
                throw json.Bad(line, e.Message.ReplaceLineEndings(" "));
            }
        }

        long SizeOf(string text)
        {
            long unit = text.Length > 0 ? char.ToLowerInvariant(text[^1]) switch { 'k' => 1 << 10, 'm' => 1 << 20, 'g' => 1 << 30, _ => 1 } : 1;
            return long.TryParse(unit == 1 ? text : text[..^1], out long count) ? count * unit : throw json.Bad(line, $"'{text}' is not a size");
        }
    }
}
