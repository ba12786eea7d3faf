using System.Collections.Immutable;
using System.Text.Json;
using StorageLab.Host.Docker;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;

namespace StorageLab.Host.Recordings;

/// <summary>Writes scenario.json of a recorded run: the steps with every size and offset.</summary>
internal static class ScenarioFile
{
    /// <param name="folder">The run's.</param>
    public static void Write(Scenario scenario, string folder)
    {
        using FileStream output = File.Create(Path.Combine(folder, "scenario.json"));
        using Utf8JsonWriter json = new(output, RecordedJson.Options);
        json.WriteStartObject();
        json.WriteString("name", scenario.Name);
        json.WriteString("about", scenario.Title);
        json.WriteStartArray("steps");
        foreach (Step step in scenario.Steps)
            Write(json, step, scenario.Names);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Step step, NameTable names)
    {
        json.WriteStartObject();
        json.WriteString("op", RecordedWords.Of(step));
        switch (step)
        {
            case Step.Pull pull: json.WriteString("image", RecordedImageFiles.KeyOf(pull.Image)); break;
            case Step.Load load: json.WriteString("image", RecordedImageFiles.KeyOf(load.Image)); break;
            case Step.Tag tag: WriteTexts(json, ("ref", tag.Reference), ("new", tag.NewReference)); break;
            case Step.Run run: WriteTexts(json, ("name", run.Container), ("ref", run.Reference), ("program", run.Program)); break;
            case Step.CreateContainer create: WriteTexts(json, ("name", create.Container), ("ref", create.Reference), ("program", create.Program)); break;
            case Step.Start start: json.WriteString("name", start.Container); break;
            case Step.Stop stop: json.WriteString("name", stop.Container); break;
            case Step.RemoveContainer remove:
                json.WriteString("name", remove.Container);
                json.WriteBoolean("force", remove.Force);
                break;
            case Step.RemoveImage remove:
                json.WriteString("ref", remove.Reference);
                json.WriteBoolean("force", remove.Force);
                break;
            case Step.PruneImages prune: json.WriteBoolean("all", prune.All); break;
            case Step.Commit commit: WriteTexts(json, ("name", commit.Container), ("new", commit.NewReference)); break;
            case Step.Build build: Write(json, build, names); break;
            case Step.Write write:
                json.WriteString("name", write.Container);
                Write(json, write.Operations, names);
                break;
            case Step.Fstrim fstrim: json.WriteString("name", fstrim.Container); break;
            case Step.SystemDf systemDf: json.WriteNumber("times", systemDf.Times); break;
            case Step.Wait wait: json.WriteNumber("seconds", (decimal)DaemonSteps.TimeWaited(wait).TotalSeconds); break;
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Step.Build build, NameTable names)
    {
        WriteTexts(json, ("ref", build.FromReference), ("new", build.NewReference));
        json.WriteStartArray("instructions");
        foreach (BuildInstruction instruction in build.Instructions)
        {
            json.WriteStartObject();
            json.WriteString("text", instruction.Text);
            Write(json, instruction.Operations, names);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ImmutableArray<ContainerOperation> operations, NameTable names)
    {
        json.WriteStartArray("ops");
        foreach (ContainerOperation operation in operations)
        {
            json.WriteStartObject();
            Write(json, operation, names);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ContainerOperation operation, NameTable names)
    {
        void Named(string kind, ContainerPath path) => WriteTexts(json, ("kind", kind), ("path", path.ToString(names)));
        void Written(string kind, ContainerPath path, long lengthBytes, long chunkBytes, FsyncPolicy fsync)
        {
            Named(kind, path);
            json.WriteNumber("bytes", lengthBytes);
            json.WriteNumber("chunk", chunkBytes);
            json.WriteString("fsync", WordOf(fsync));
        }

        switch (operation)
        {
            case ContainerOperation.Create create: Written("create", create.Path, create.LengthBytes, create.ChunkBytes, create.Fsync); break;
            case ContainerOperation.Append append: Written("append", append.Path, append.LengthBytes, append.ChunkBytes, append.Fsync); break;
            case ContainerOperation.Overwrite overwrite:
                Named("overwrite", overwrite.Path);
                WriteNumbers(json, "offsets", overwrite.OffsetsBytes);
                json.WriteNumber("block", overwrite.BlockBytes);
                json.WriteString("fsync", WordOf(overwrite.Fsync));
                break;
            case ContainerOperation.CreateMany many:
                Named("many", many.Directory);
                WriteNumbers(json, "sizes", many.SizesBytes);
                json.WriteNumber("dirs", many.SubdirectoryCount);
                json.WriteString("fsync", WordOf(many.Fsync));
                break;
            case ContainerOperation.Copy copy:
                Named("copy", copy.Path);
                json.WriteStartArray("from");
                foreach (ContainerPath source in copy.Sources)
                    json.WriteStringValue(source.ToString(names));
                json.WriteEndArray();
                json.WriteNumber("chunk", copy.ChunkBytes);
                json.WriteString("fsync", WordOf(copy.Fsync));
                break;
            case ContainerOperation.Truncate truncate:
                Named("truncate", truncate.Path);
                json.WriteNumber("bytes", truncate.SizeBytes);
                break;
            case ContainerOperation.Rename rename:
                Named("rename", rename.Path);
                json.WriteString("to", rename.NewPath.ToString(names));
                break;
            case ContainerOperation.Link link:
                Named("link", link.Path);
                json.WriteString("to", link.NewPath.ToString(names));
                break;
            case ContainerOperation.Delete delete: Named("delete", delete.Path); break;
            case ContainerOperation.DeleteTree deleteTree: Named("delete_tree", deleteTree.Path); break;
            case ContainerOperation.ChangeMode change: Named("chmod", change.Path); break;
            case ContainerOperation.MakeDirectory make: Named("mkdir", make.Path); break;
            case ContainerOperation.ReadFile read: Named("read", read.Path); break;
            case ContainerOperation.ReadTree readTree: Named("read_tree", readTree.Path); break;
            case ContainerOperation.Sync: Named("sync", ContainerPath.Root); break;
            default: throw new ArgumentOutOfRangeException(nameof(operation), operation, "no such operation");
        }
    }

    private static string WordOf(FsyncPolicy fsync) => fsync switch
    {
        FsyncPolicy.End => "end",
        FsyncPolicy.Each => "each",
        _ => "none",
    };

    private static void WriteTexts(Utf8JsonWriter json, params ReadOnlySpan<(string Name, string Value)> members)
    {
        foreach ((string name, string value) in members)
            json.WriteString(name, value);
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ImmutableArray<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
