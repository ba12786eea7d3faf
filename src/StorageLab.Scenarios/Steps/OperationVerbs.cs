using System.Collections.Immutable;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Values;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Steps;

/// <summary>The words for file operations, and how each is read.</summary>
internal static class OperationVerbs
{
    /// <summary>A file larger than any disk here is a slip.</summary>
    private const long FileBytesMax = 16L << 40;

    /// <summary>Calls of write(2), offsets or files of one operation.</summary>
    private const long PieceCountMax = 1_000_000;

    private const long ChunkBytesDefault = 1L << 20;

    private const int SubdirectoryCountDefault = 10;

    private static readonly ImmutableArray<string> FsyncWords = ["end", "each", "never"];

    private static readonly Setting Path = new("path", SettingKind.Path, "the file, from the container's root", true);
    private static readonly Setting NewPath = new("to", SettingKind.Path, "the new name, from the container's root", true);
    private static readonly Setting Chunk = new("chunk", SettingKind.Size, "bytes of one write(2); 1MiB when not given");
    private static readonly Setting Fsync =
        new("fsync", SettingKind.Choice, "when fsync is called: end (default), each write, or never") { Choices = FsyncWords };
    private static readonly Setting Recursive =
        new("recursive", SettingKind.Boolean, "the directory with all that is in it; false when not given");

    public static ImmutableArray<OperationVerb> All { get; } =
    [
        new("write", "creates or truncates a file and writes it",
            [Path, new("size", SettingKind.SizeRange, "its size, or a range to draw it from", true), Chunk, Fsync], Create),
        new("append", "appends to a file, which is made if missing",
            [Path, new("size", SettingKind.SizeRange, "how much, or a range to draw it from", true), Chunk, Fsync], Append),
        new("overwrite", "writes blocks over an existing file: at given offsets, or at random ones",
            [
                Path, new("block", SettingKind.Size, "bytes of one write; 4KiB when not given"),
                new("offsets", SettingKind.SizeList, "where, in order; or give count and within"),
                new("count", SettingKind.Count, "how many blocks to draw at random"),
                new("within", SettingKind.Size, "the file's first bytes to draw them from"), Fsync,
            ], Overwrite),
        new("many", "makes many small files under a directory",
            [
                Path, new("count", SettingKind.Count, "how many", true),
                new("size", SettingKind.SizeRange, "the size of each, or a range to draw it from", true),
                new("dirs", SettingKind.Count, "subdirectories to spread them over; 10 when not given"), Fsync,
            ], CreateMany),
        new("truncate", "sets a file's size", [Path, new("size", SettingKind.Size, "the new size", true)], settings =>
        {
            (Value<ContainerPath> path, Value<long> size) = (settings.Path("path"), settings.Size("size", 0, FileBytesMax));
            return scope => new ContainerOperation.Truncate(path.Get(scope), size.Get(scope));
        }),
        new("rename", "renames a file or directory", [Path, NewPath],
            settings => Two(settings, (path, newPath) => new ContainerOperation.Rename(path, newPath))),
        new("delete", "deletes a file, or with recursive a directory and all in it", [Path, Recursive],
            settings => One(settings, (path, recursive) => recursive ? new ContainerOperation.DeleteTree(path) : new ContainerOperation.Delete(path))),
        new("chmod", "changes a file's mode: under overlay2 that copies all of it up", [Path],
            settings => One(settings, (path, _) => new ContainerOperation.ChangeMode(path))),
        new("link", "gives a file a second name", [Path, NewPath],
            settings => Two(settings, (path, newPath) => new ContainerOperation.Link(path, newPath))),
        new("mkdir", "makes a directory and those above it", [Path], settings => One(settings, (path, _) => new ContainerOperation.MakeDirectory(path))),
        new("read", "reads a file, or with recursive all files of a directory", [Path, Recursive],
            settings => One(settings, (path, recursive) => recursive ? new ContainerOperation.ReadTree(path) : new ContainerOperation.ReadFile(path))),
    ];

    /// <summary>Reads a list of operations; what is wrong is reported and left out.</summary>
    public static ImmutableArray<OperationMaker> ReadList(
        YamlNode node, string subject, LoopVariables variables, StepContext context, out bool hasFailed)
    {
        ImmutableArray<OperationMaker>.Builder makers = ImmutableArray.CreateBuilder<OperationMaker>();
        hasFailed = false;
        if (node is not YamlList list)
        {
            context.Problems.Add(node, $"{subject} is a list of file operations; begin each with '- '");
            hasFailed = true;
            return [];
        }

        foreach (YamlNode item in list.Items)
        {
            if (ReadOne(item, variables, context) is { } maker)
                makers.Add(maker);
            else
                hasFailed = true;
        }

        return makers.ToImmutable();
    }

    /// <summary>Makes the operations of one step.</summary>
    public static ImmutableArray<ContainerOperation> Make(ImmutableArray<OperationMaker> makers, ReplayScope scope)
    {
        scope.Spend(makers.Length);
        return [.. makers.Select(make => make(scope))];
    }

    private static OperationMaker? ReadOne(YamlNode item, LoopVariables variables, StepContext context)
    {
        if (item is not YamlMap { Entries: [(YamlText word, YamlNode value)] })
        {
            context.Problems.Add(item, "a file operation is one word with its settings, e.g. write: {path: /a, size: 1MiB}");
            return null;
        }

        if (All.FirstOrDefault(verb => verb.Name == word.Value) is not { } verb)
        {
            string hint = SettingMap.Hint(word.Value, All.Select(known => known.Name));
            context.Problems.Add(word, $"unknown file operation '{LayerLimits.Shown(word.Value)}'; {hint}");
            return null;
        }

        SettingMap settings = new(value, verb.Name, verb.Settings, variables, context);
        OperationMaker maker = verb.Compile(settings);
        return settings.HasFailed ? null : maker;
    }

    private static OperationMaker One(SettingMap settings, Func<ContainerPath, bool, ContainerOperation> make)
    {
        (Value<ContainerPath> path, Value<bool> recursive) = (settings.Path("path"), settings.Boolean("recursive"));
        return scope => make(path.Get(scope), recursive.Get(scope));
    }

    private static OperationMaker Two(SettingMap settings, Func<ContainerPath, ContainerPath, ContainerOperation> make)
    {
        (Value<ContainerPath> path, Value<ContainerPath> newPath) = (settings.Path("path"), settings.Path("to"));
        return scope => make(path.Get(scope), newPath.Get(scope));
    }

    private static OperationMaker Create(SettingMap settings) =>
        Sequential(settings, (path, length, chunk, fsync) => new ContainerOperation.Create(path, length, chunk, fsync));

    private static OperationMaker Append(SettingMap settings) =>
        Sequential(settings, (path, length, chunk, fsync) => new ContainerOperation.Append(path, length, chunk, fsync));

    private static OperationMaker Sequential(SettingMap settings, Func<ContainerPath, long, long, FsyncPolicy, ContainerOperation> make)
    {
        Value<ContainerPath> path = settings.Path("path");
        Value<SizeRange> size = settings.Sizes("size", 0, FileBytesMax);
        Value<long> chunk = settings.Size("chunk", 1, FileBytesMax, ChunkBytesDefault);
        Value<FsyncPolicy> fsync = FsyncOf(settings);
        return scope =>
        {
            (long length, long chunkBytes) = (size.Get(scope).Draw(scope.Random), chunk.Get(scope));
            if (length / chunkBytes > PieceCountMax)
            {
                throw new ValueException(
                    $"{ByteQuantity.Text(length)} in chunks of {ByteQuantity.Text(chunkBytes)} are more than {PieceCountMax} writes; use larger chunks");
            }

            return make(path.Get(scope), length, chunkBytes, fsync.Get(scope));
        };
    }

    private static OperationMaker Overwrite(SettingMap settings)
    {
        Value<ContainerPath> path = settings.Path("path");
        Value<long> block = settings.Size("block", 1, 1L << 30, 4096);
        Value<FsyncPolicy> fsync = FsyncOf(settings);
        ImmutableArray<Value<long>> offsets = [.. settings.Items("offsets").Select(item => settings.Read(item, "offsets", 0L, Offset))];
        Value<long> count = settings.Count("count", 1, PieceCountMax);
        Value<long> within = settings.Size("within", 1, FileBytesMax);
        if (settings.Has("offsets") == (settings.Has("count") && settings.Has("within")) || settings.Has("count") != settings.Has("within"))
            settings.Fail(settings.At, "overwrite needs either offsets, or count and within");
        return scope =>
        {
            long blockBytes = block.Get(scope);
            ImmutableArray<long> chosen = offsets.Length > 0
                ? [.. offsets.Select(offset => offset.Get(scope))]
                : Draw(scope, count.Get(scope), within.Get(scope) / blockBytes, blockBytes);
            return new ContainerOperation.Overwrite(path.Get(scope), chosen, blockBytes, fsync.Get(scope));
        };
    }

    private static long Offset(string text)
    {
        if (!ByteQuantity.TryParse(text, out long bytes, out string problem))
            throw new ValueException($"offsets: {problem}");
        return bytes <= FileBytesMax
            ? bytes
            : throw new ValueException($"offsets: {LayerLimits.Shown(text)} lies beyond the largest file, {ByteQuantity.Text(FileBytesMax)}");
    }

    private static ImmutableArray<long> Draw(ReplayScope scope, long count, long blockCount, long blockBytes)
    {
        if (blockCount < 1)
            throw new ValueException("within is smaller than one block");
        scope.Spend(count);
        ImmutableArray<long>.Builder offsets = ImmutableArray.CreateBuilder<long>((int)count);
        for (var drawn = 0L; drawn < count; drawn++)
            offsets.Add(scope.Random.Between(0, blockCount - 1) * blockBytes);
        return offsets.MoveToImmutable();
    }

    private static OperationMaker CreateMany(SettingMap settings)
    {
        Value<ContainerPath> path = settings.Path("path");
        Value<long> count = settings.Count("count", 1, PieceCountMax);
        Value<SizeRange> size = settings.Sizes("size", 0, FileBytesMax);
        Value<long> subdirectories = settings.Count("dirs", 1, 10_000, SubdirectoryCountDefault);
        Value<FsyncPolicy> fsync = FsyncOf(settings);
        return scope =>
        {
            (long files, SizeRange range) = (count.Get(scope), size.Get(scope));
            scope.Spend(files);
            ImmutableArray<long>.Builder sizes = ImmutableArray.CreateBuilder<long>((int)files);
            for (var file = 0L; file < files; file++)
                sizes.Add(range.Draw(scope.Random));
            return new ContainerOperation.CreateMany(path.Get(scope), sizes.MoveToImmutable(), (int)subdirectories.Get(scope), fsync.Get(scope));
        };
    }

    private static Value<FsyncPolicy> FsyncOf(SettingMap settings) => settings.Read("fsync", FsyncPolicy.End, text => text switch
    {
        "end" => FsyncPolicy.End,
        "each" => FsyncPolicy.Each,
        "never" => FsyncPolicy.Never,
        _ => throw new ValueException($"fsync is '{LayerLimits.Shown(text)}'; {SettingMap.Hint(text, FsyncWords)}"),
    });
}
