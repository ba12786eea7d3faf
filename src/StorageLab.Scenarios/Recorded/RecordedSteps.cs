using System.Collections.Immutable;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Recorded;

/// <summary>Turns a recording's steps into the model's. What only looked at the host (info, dmsetup, an empty step) becomes an observation.</summary>
internal sealed class RecordedSteps
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long DefaultChunkBytes = 1 << 20;

    /// <summary>What every recorded container runs (rig/guest.py).</summary>
    private const string Program = "/bin/busybox";

    private readonly JsonFile _json;
    private readonly RecordedImages _images;
    private readonly NameTable _names;

    private RecordedSteps(JsonFile json, RecordedImages images, NameTable names) => (_json, _images, _names) = (json, images, names);

    /// <exception cref="InputException">The file is malformed, or a step, an operation or an image is unknown.</exception>
    public static ImmutableArray<Step> Read(string path, RecordedImages images, NameTable names)
    {
        JsonFile json = JsonFile.Read(path);
        RecordedSteps reader = new(json, images, names);
        return [.. json.List(json.Root, "steps").Select(reader.ReadStep)];
    }

    private Step ReadStep(YamlNode step)
    {
        string operation = _json.Text(step, "op");
        return operation switch
        {
            "load" => new Step.Load(_images.Find(_json.Text(step, "image"), message => _json.Bad(_json.Member(step, "image"), message))),
            "rmi" => new Step.RemoveImage(_json.Text(step, "ref"), IsTrue(step, "force")),
            "tag" => new Step.Tag(_json.Text(step, "ref"), _json.Text(step, "new")),
            "run" => new Step.Run(_json.Text(step, "ref"), _json.Text(step, "name"), Program),
            "create" => new Step.CreateContainer(_json.Text(step, "ref"), _json.Text(step, "name"), Program),
            "start" => new Step.Start(_json.Text(step, "name")),
            "stop" => new Step.Stop(_json.Text(step, "name")),
            "rm" => new Step.RemoveContainer(_json.Text(step, "name"), Force: true),
            "commit" => new Step.Commit(_json.Text(step, "name"), _json.Text(step, "new")),
            "prune" => new Step.PruneImages(IsTrue(step, "all")),
            "write" => new Step.Write(_json.Text(step, "name"), [.. _json.List(step, "ops").Select(ReadOperation)]),
            "exec" => new Step.Write(_json.Text(step, "name"), RecordedShell.Read(_json, step, _names)),
            "fstrim" => new Step.Fstrim(_json.Text(step, "name")),
            "fstrim_host" => new Step.FstrimHost(),
            // docker system df, then docker system df -v.
            "df" => new Step.SystemDf(Times: 2),
            "restart_daemon" => new Step.RestartDaemon(),
            "sleep" => new Step.Wait(_json.Number(step, "seconds") * NanosecondsPerSecond),
            "drop_caches" => new Step.DropCaches(),
            "nop" or "shell" => new Step.Observe(),
            _ => throw _json.Bad(_json.Member(step, "op"), $"unknown step '{operation}'"),
        };
    }

    private ContainerOperation ReadOperation(YamlNode operation)
    {
        string kind = _json.Text(operation, "kind");
        ContainerPath path = PathOf(operation, "path");
        return kind switch
        {
            "create" => new ContainerOperation.Create(path, _json.Number(operation, "bytes"), Chunk(operation), Fsync(operation)),
            "append" => new ContainerOperation.Append(path, _json.Number(operation, "bytes"), Chunk(operation), Fsync(operation)),
            "overwrite" => new ContainerOperation.Overwrite(path, Numbers(operation, "offsets"), _json.Number(operation, "block"), Fsync(operation)),
            "many" => new ContainerOperation.CreateMany(
                path, Numbers(operation, "sizes"), JsonFile.Has(operation, "dirs") ? (int)_json.Number(operation, "dirs") : 10, Fsync(operation)),
            "truncate" => new ContainerOperation.Truncate(path, _json.Number(operation, "bytes")),
            "rename" => new ContainerOperation.Rename(path, PathOf(operation, "to")),
            "delete" => new ContainerOperation.Delete(path),
            "delete_tree" => new ContainerOperation.DeleteTree(path),
            "chmod" => new ContainerOperation.ChangeMode(path),
            "link" => new ContainerOperation.Link(path, PathOf(operation, "to")),
            "mkdir" => new ContainerOperation.MakeDirectory(path),
            "read" => new ContainerOperation.ReadFile(path),
            "read_tree" => new ContainerOperation.ReadTree(path),
            _ => throw _json.Bad(_json.Member(operation, "kind"), $"unknown write '{kind}'"),
        };
    }

    private ContainerPath PathOf(YamlNode operation, string name)
    {
        try
        {
            return ContainerPath.Parse(_names, _json.Text(operation, name));
        }
        catch (ArgumentException e)
        {
            throw _json.Bad(_json.Member(operation, name), e.Message.ReplaceLineEndings(" "));
        }
    }

    private ImmutableArray<long> Numbers(YamlNode operation, string name) => [.. _json.List(operation, name).Select(_json.Number)];

    private long Chunk(YamlNode operation)
    {
        if (!JsonFile.Has(operation, "chunk"))
            return DefaultChunkBytes;
        long chunkBytes = _json.Number(operation, "chunk");
        return chunkBytes > 0 ? chunkBytes : throw _json.Bad(_json.Member(operation, "chunk"), "a chunk has at least one byte");
    }

    private FsyncPolicy Fsync(YamlNode operation) => !JsonFile.Has(operation, "fsync")
        ? FsyncPolicy.End
        : _json.Text(operation, "fsync") switch
        {
            "end" => FsyncPolicy.End,
            "each" => FsyncPolicy.Each,
            "none" => FsyncPolicy.Never,
            string other => throw _json.Bad(_json.Member(operation, "fsync"), $"unknown fsync '{other}'; it is end, each or none"),
        };

    private bool IsTrue(YamlNode step, string name) => JsonFile.Has(step, name) && _json.Text(step, name) == "true";
}
