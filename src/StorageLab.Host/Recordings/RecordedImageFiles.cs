using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StorageLab.Host.Docker;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;

namespace StorageLab.Host.Recordings;

/// <summary>Writes the images of recorded runs: images.json with tags and digests, and a listing of each image's layers.</summary>
public static class RecordedImageFiles
{
    private const string Index = "images.json";

    /// <summary>Adds the images that a scenario loads to a folder of images; those of other scenarios stay.</summary>
    /// <param name="folder">The folder <c>images</c> beside that of the runs.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(Scenario scenario, string folder)
    {
        Directory.CreateDirectory(folder);
        ImageArchive archive = new(scenario.Names);
        string indexFile = Path.Combine(folder, Index);
        JsonArray known = File.Exists(indexFile) && JsonNode.Parse(File.ReadAllText(indexFile))?["images"] is JsonArray images ? images : [];
        SortedDictionary<string, JsonNode> entries = new(StringComparer.Ordinal);
        foreach (JsonNode entry in known.OfType<JsonNode>())
            entries[(string?)entry["key"] ?? ""] = entry.DeepClone();
        foreach (ImageDefinition image in ImagesOf(scenario))
        {
            LoadedImage loaded = archive.Describe(image);
            entries[KeyOf(image)] = new JsonObject
            {
                ["key"] = KeyOf(image),
                ["tag"] = image.Tag,
                ["image_id"] = loaded.ImageId,
                ["diff_ids"] = new JsonArray([.. loaded.DiffIds.Select(id => (JsonNode)id)]),
            };
            WriteListing(image, scenario.Names, Path.Combine(folder, $"{KeyOf(image)}.layers.csv.gz"));
        }

        JsonObject index = new() { ["images"] = new JsonArray([.. entries.Values]) };
        File.WriteAllText(indexFile, index.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    /// <summary>An image's key as a file's name: what such names cannot hold becomes a dash, and its digest tells apart what that makes alike.</summary>
    public static string KeyOf(ImageDefinition image)
    {
        string safe = string.Concat(image.Key.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-'));
        string name = safe == image.Key ? safe : $"{safe}-{ContentIds.Hex(image.ImageId)[..6]}";
        return char.IsAsciiLetterOrDigit(name[0]) ? name : "i" + name;
    }

    private static IEnumerable<ImageDefinition> ImagesOf(Scenario scenario) => scenario.Steps
        .Select(step => step switch
        {
            Step.Pull pull => pull.Image,
            Step.Load load => load.Image,
            _ => null,
        })
        .OfType<ImageDefinition>()
        .DistinctBy(image => image.Key);

    private static void WriteListing(ImageDefinition image, NameTable names, string path)
    {
        using GZipStream packed = new(File.Create(path), CompressionLevel.Optimal);
        using StreamWriter text = new(packed, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        text.WriteLine("layer_index,path,type,size,mode,linkname");
        for (var index = 0; index < image.Layers.Length; index++)
            WriteLayer(text, index, image.Layers[index].Content, names);
    }

    private static void WriteLayer(StreamWriter text, int index, LayerContent layer, NameTable names)
    {
        ReadOnlySpan<LayerEntry> entries = layer.Entries;
        var paths = new string[entries.Length];
        for (var at = 0; at < entries.Length; at++)
        {
            LayerEntry entry = entries[at];
            string parent = entry.ParentIndex < 0 ? "" : paths[entry.ParentIndex] + "/";
            paths[at] = entry.Kind == LayerEntryKind.OpaqueMarker ? parent.TrimEnd('/') : parent + names.NameOf(entry.Name);
            (string? type, string link) = entry.Kind switch
            {
                LayerEntryKind.Directory => ("dir", ""),
                LayerEntryKind.File => ("file", ""),
                LayerEntryKind.Symlink => ("symlink", names.TextOf(new LinkTarget(entry.LinkIndex, (int)entry.SizeBytes))),
                LayerEntryKind.HardLink => ("hardlink", paths[entry.LinkIndex]),
                LayerEntryKind.Special => ("fifo", ""),
                LayerEntryKind.Whiteout => ("whiteout", ""),
                LayerEntryKind.OpaqueMarker => ("opaque", ""),
                _ => ((string?)null, ""),
            };
            if (type is null)
                continue;
            long sizeBytes = entry.Kind == LayerEntryKind.File ? entry.SizeBytes : 0;
            text.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{index},{Quoted(paths[at])},{type},{sizeBytes},{Convert.ToString(entry.Mode, 8).PadLeft(4, '0')},{Quoted(link)}"));
        }
    }

    private static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny(",\"\n\r") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
