using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Recorded;

/// <summary>Turns a recording's steps into the model's. What only looked at the host (info, dmsetup, an empty step) becomes an observation.</summary>
internal sealed class RecordedSteps
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int DefaultDirectoryCount = 10;
    private const long DefaultChunkBytes = 1 << 20;

    /// <summary>What a recorded container runs where its step does not say.</summary>
    private const string Program = "/bin/busybox";

    /// <summary>A year: nobody records longer.</summary>
    private const decimal LongestSleepSeconds = 366 * 86400;

    /// <summary>Write calls of one operation: recordings have thousands.</summary>
    public const long WriteCountMax = 1 << 22;

    /// <summary>Nobody asks more often in one step.</summary>
    private const long SystemDfCountMax = 1000;

    /// <summary>Directories that <c>many</c> spreads its files over.</summary>
    private const long DirectoryCountMax = 1 << 16;

    private readonly JsonFile _json;
    private readonly RecordedImages _images;
    private readonly NameTable _names;
    private readonly List<InputProblem> _notes = [];

    private RecordedSteps(JsonFile json, RecordedImages images, NameTable names) => (_json, _images, _names) = (json, images, names);

    /// <param name="notes">Commands inside containers that are not read; their steps only look.</param>
    /// <exception cref="InputException">The file is malformed, or a step, an operation or an image is unknown.</exception>
    public static ImmutableArray<RecordedStep> Read(string path, RecordedImages images, NameTable names, out ImmutableArray<InputProblem> notes)
    {
        JsonFile json = JsonFile.Read(path);
        RecordedSteps reader = new(json, images, names);
        ImmutableArray<RecordedStep> steps = [.. json.List(json.Root, "steps").Select(step => new RecordedStep(json.Text(step, "op"), reader.ReadStep(step)))];
        notes = [.. reader._notes];
        return steps;
    }

    private Step ReadStep(YamlNode step)
    {
        string operation = _json.Text(step, "op");
        return operation switch
        {
            "load" => new Step.Load(_images.Find(_json.Text(step, "image"), message => _json.Bad(_json.Member(step, "image"), message))),
            "rmi" => new Step.RemoveImage(_json.Text(step, "ref"), IsTrue(step, "force")),
            "tag" => new Step.Tag(_json.Text(step, "ref"), _json.Text(step, "new")),
            "run" => new Step.Run(_json.Text(step, "ref"), _json.Text(step, "name"), ProgramOf(step)),
            "create" => new Step.CreateContainer(_json.Text(step, "ref"), _json.Text(step, "name"), ProgramOf(step)),
            "start" => new Step.Start(_json.Text(step, "name")),
            "stop" => new Step.Stop(_json.Text(step, "name")),
            "rm" => new Step.RemoveContainer(_json.Text(step, "name"), Force: !JsonFile.Has(step, "force") || IsTrue(step, "force")),
            "commit" => new Step.Commit(_json.Text(step, "name"), _json.Text(step, "new")),
            "prune" => new Step.PruneImages(IsTrue(step, "all")),
            "prune_containers" => new Step.PruneContainers(),
            "build" => new Step.Build(_json.Text(step, "ref"), _json.Text(step, "new"), [.. _json.List(step, "instructions").Select(ReadInstruction)]),
            "write" => new Step.Write(_json.Text(step, "name"), ReadOperations(step)),
            "exec" => ReadExec(step),
            "fstrim" => new Step.Fstrim(_json.Text(step, "name")),
            "fstrim_host" => new Step.FstrimHost(),
            // Where it is not said: docker system df, then docker system df -v.
            "df" => new Step.SystemDf(JsonFile.Has(step, "times") ? (int)_json.Number(step, "times", SystemDfCountMax) : 2),
            "restart_daemon" => new Step.RestartDaemon(),
            "sleep" => new Step.Wait(Seconds(step, "seconds")),
            "drop_caches" => new Step.DropCaches(),
            "nop" or "shell" => new Step.Observe(),
            _ => throw _json.Bad(_json.Member(step, "op"), $"unknown step '{LayerLimits.Shown(operation)}'"),
        };
    }

    private string ProgramOf(YamlNode step) => JsonFile.Has(step, "program") ? _json.Text(step, "program") : Program;

    private BuildInstruction ReadInstruction(YamlNode instruction) => new(_json.Text(instruction, "text"), ReadOperations(instruction));

    private ImmutableArray<ContainerOperation> ReadOperations(YamlNode step) => [.. _json.List(step, "ops").Select(ReadOperation)];

    // People run anything in a container. What is not read is said, and the rest of the run still compares.
    private Step ReadExec(YamlNode step)
    {
        string container = _json.Text(step, "name");
        if (RecordedShell.TryRead(_json, step, _names, out ImmutableArray<ContainerOperation> operations, out InputProblem? problem))
            return new Step.Write(container, operations);
        _notes.Add(problem!);
        return new Step.Observe();
    }

    private ContainerOperation ReadOperation(YamlNode operation)
    {
        string kind = _json.Text(operation, "kind");
        ContainerPath path = PathOf(operation, "path");
        return kind switch
        {
            "create" => new ContainerOperation.Create(path, Bytes(operation, "bytes"), Chunk(operation), Fsync(operation)),
            "append" => new ContainerOperation.Append(path, Bytes(operation, "bytes"), Chunk(operation), Fsync(operation)),
            "overwrite" => new ContainerOperation.Overwrite(path, Numbers(operation, "offsets"), Bytes(operation, "block"), Fsync(operation)),
            "many" => new ContainerOperation.CreateMany(path, Numbers(operation, "sizes"), Directories(operation), Fsync(operation)),
            "truncate" => new ContainerOperation.Truncate(path, Bytes(operation, "bytes")),
            "copy" => new ContainerOperation.Copy([.. _json.List(operation, "from").Select(PathOf)], path, ChunkBytes(operation), Fsync(operation)),
            "sync" => new ContainerOperation.Sync(),
            "rename" => new ContainerOperation.Rename(path, PathOf(operation, "to")),
            "delete" => new ContainerOperation.Delete(path),
            "delete_tree" => new ContainerOperation.DeleteTree(path),
            "chmod" => new ContainerOperation.ChangeMode(path),
            "link" => new ContainerOperation.Link(path, PathOf(operation, "to")),
            "mkdir" => new ContainerOperation.MakeDirectory(path),
            "read" => new ContainerOperation.ReadFile(path),
            "read_tree" => new ContainerOperation.ReadTree(path),
            _ => throw _json.Bad(_json.Member(operation, "kind"), $"unknown write '{LayerLimits.Shown(kind)}'"),
        };
    }

    private ContainerPath PathOf(YamlNode operation, string name) => PathOf(_json.Member(operation, name));

    private ContainerPath PathOf(YamlNode path)
    {
        try
        {
            return ContainerPath.Parse(_names, _json.Text(path));
        }
        catch (ArgumentException e)
        {
            throw _json.Bad(path, e.Message.ReplaceLineEndings(" "));
        }
    }

    private long Bytes(YamlNode operation, string name) => _json.Number(operation, name, LayerLimits.FileBytesMax);

    private ImmutableArray<long> Numbers(YamlNode operation, string name) =>
        [.. _json.List(operation, name).Select(node => _json.Number(node, LayerLimits.FileBytesMax))];

    private int Directories(YamlNode operation)
    {
        if (!JsonFile.Has(operation, "dirs"))
            return DefaultDirectoryCount;
        long count = _json.Number(operation, "dirs", DirectoryCountMax);
        return count > 0 ? (int)count : throw _json.Bad(_json.Member(operation, "dirs"), "the files lie in at least one directory");
    }

    private long ChunkBytes(YamlNode operation)
    {
        long chunkBytes = JsonFile.Has(operation, "chunk") ? Bytes(operation, "chunk") : DefaultChunkBytes;
        return chunkBytes > 0 ? chunkBytes : throw _json.Bad(_json.Member(operation, "chunk"), "a chunk has at least one byte");
    }

    private long Chunk(YamlNode operation)
    {
        long chunkBytes = ChunkBytes(operation);
        return Bytes(operation, "bytes") / chunkBytes <= WriteCountMax
            ? chunkBytes
            : throw _json.Bad(_json.Member(operation, "bytes"), $"is more than {WriteCountMax} writes of {chunkBytes} bytes");
    }

    private long Seconds(YamlNode step, string name)
    {
        string text = _json.Text(step, name);
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) && seconds <= LongestSleepSeconds
            ? (long)(seconds * NanosecondsPerSecond)
            : throw _json.Bad(_json.Member(step, name), $"'{LayerLimits.Shown(text)}' is not a number of seconds up to a year");
    }

    private FsyncPolicy Fsync(YamlNode operation) => !JsonFile.Has(operation, "fsync")
        ? FsyncPolicy.End
        : _json.Text(operation, "fsync") switch
        {
            "end" => FsyncPolicy.End,
            "each" => FsyncPolicy.Each,
            "none" => FsyncPolicy.Never,
            string other => throw _json.Bad(_json.Member(operation, "fsync"), $"unknown fsync '{LayerLimits.Shown(other)}'; it is end, each or none"),
        };

    private bool IsTrue(YamlNode step, string name) => JsonFile.Has(step, name) && _json.Text(step, name) == "true";
}
