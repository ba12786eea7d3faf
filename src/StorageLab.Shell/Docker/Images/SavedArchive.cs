using System.Text;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Shell.Docker.Inspection;
using StorageLab.Shell.GoTemplates;

namespace StorageLab.Shell.Docker.Images;

/// <summary>The files of an archive that <c>docker save</c> writes, with the folder that Docker before 1.10 wants for every layer.</summary>
/// <remarks>Source: moby v20.10.24, image/tarexport/save.go and image/v1/imagev1.go.</remarks>
internal static class SavedArchive
{
    private const long TarBlockBytes = 512;

    /// <summary>Archives of layers are filled up to a whole record, as tar and Python's tarfile do.</summary>
    private const long TarRecordBytes = 20 * TarBlockBytes;

    /// <summary>What the files of an archive say where they are made: not when an image was.</summary>
    private static readonly Timestamp Epoch = Timestamp.Parse("1970-01-01T00:00:00Z");

    /// <param name="Name">Path; a folder's ends with a slash.</param>
    /// <param name="Bytes">Length.</param>
    /// <param name="Modified">When it was changed last.</param>
    internal readonly record struct Entry(string Name, long Bytes, Timestamp Modified);

    /// <summary>Its entries in the order they lie in it.</summary>
    public static IReadOnlyList<Entry> Of(IReadOnlyList<ImageDefinition> images)
    {
        SortedDictionary<string, Entry> entries = new(StringComparer.Ordinal);
        List<object?> manifest = [];
        SortedDictionary<string, Dictionary<string, object?>> repositories = new(StringComparer.Ordinal);
        foreach (IGrouping<string, ImageDefinition> tags in images.GroupBy(image => image.ImageId))
        {
            ImageDefinition image = tags.First();
            Timestamp created = image.Configuration.Created;
            List<string> layerFiles = [];
            string parent = "";
            string? chainId = null;
            for (var index = 0; index < image.Layers.Length; index++)
            {
                chainId = ContentIds.ChainId(chainId, image.Layers[index].DiffId);
                bool isTop = index == image.Layers.Length - 1;
                string id = LayerId(image.Configuration, isTop, chainId, parent);
                string json = GoJson.Write(Legacy(image.Configuration, isTop, id, parent, chainId: null));
                foreach (Entry entry in (Entry[])
                [
                    new($"{id}/", 0, created), new($"{id}/VERSION", "1.0".Length, created), new($"{id}/json", Encoding.UTF8.GetByteCount(json), created),
                    new($"{id}/layer.tar", ArchiveBytes(image.Layers[index].Content), created),
                ])
                {
                    entries[entry.Name] = entry;
                }

                layerFiles.Add($"{id}/layer.tar");
                parent = id;
            }

            string configuration = $"{ContentIds.Hex(image.ImageId)}.json";
            entries[configuration] = new Entry(configuration, image.Configuration.JsonBytes, created);
            ImageName[] names = [.. tags.Where(tag => !tag.IsUntagged).Select(tag => ImageName.Parse(tag.Tag))];
            foreach (ImageName name in names)
            {
                if (!repositories.TryGetValue(name.FamiliarName, out Dictionary<string, object?>? ids))
                    repositories.Add(name.FamiliarName, ids = []);
                ids[name.Tag!] = parent;
            }

            manifest.Add(new GoStruct("tarexport.manifestItem",
            [
                new("Config", () => configuration), new("RepoTags", () => names.Length > 0 ? names.Select(name => (object?)name.Familiar).ToArray() : GoNil.Slice),
                new("Layers", () => layerFiles.ToArray<object?>()),
            ]));
        }

        AddJson(entries, "manifest.json", manifest);
        if (repositories.Count > 0)
            AddJson(entries, "repositories", repositories.ToDictionary(pair => pair.Key, pair => (object?)pair.Value));
        return [.. entries.Values];
    }

    private static void AddJson(SortedDictionary<string, Entry> entries, string name, object value) =>
        entries[name] = new Entry(name, Encoding.UTF8.GetByteCount(GoJson.Write(value)) + 1, Epoch);

    /// <summary>A layer's id before 1.10: the digest of what it would have said of the image, of its chain and of its parent, by keys.</summary>
    private static string LayerId(ImageConfiguration configuration, bool isTop, string chainId, string parent)
    {
        GoStruct legacy = Legacy(configuration, isTop, id: "", parent, chainId);
        IReadOnlyList<GoField> sorted = [.. legacy.Fields.OrderBy(field => field.JsonName, StringComparer.Ordinal)];
        string digestParent = parent.Length > 0 ? ContentIds.Prefix + parent : "";
        return ContentIds.Hex(ContentIds.Of(GoJson.Write(legacy with
        {
            Fields = [.. sorted.Select(field => field.Name == "Parent" ? field with { Value = () => digestParent } : field)],
        })));
    }

    /// <summary>What the json of a layer says; only the top layer's has the image's configuration.</summary>
    private static GoStruct Legacy(ImageConfiguration image, bool isTop, string id, string parent, string? chainId)
    {
        ImageConfiguration said = isTop ? image : new ImageConfiguration { Created = Epoch, Architecture = "" };
        return new GoStruct("image.V1Image",
        [
            new("ID", "id", () => id, OmitsEmpty: true),
            new("Parent", "parent", () => parent, OmitsEmpty: true),
            new("Comment", "comment", () => said.Comment, OmitsEmpty: true),
            new("Created", "created", () => Inspected.Time(said.Created)),
            new("Container", "container", () => said.Container, OmitsEmpty: true),
            new("ContainerConfig", "container_config", () => Inspected.Configuration(said.ContainerConfiguration)),
            new("DockerVersion", "docker_version", () => said.DockerVersion, OmitsEmpty: true),
            new("Author", "author", () => said.Author, OmitsEmpty: true),
            new("Config", "config", () => isTop ? Inspected.Configuration(said.Configuration) : null, OmitsEmpty: true),
            new("Architecture", "architecture", () => said.Architecture, OmitsEmpty: true),
            new("OS", "os", () => said.OperatingSystem, OmitsEmpty: true),
            new("LayerId", "layer_id", () => chainId, OmitsEmpty: true),
        ]);
    }

    private static long ArchiveBytes(LayerContent content)
    {
        long bytes = 2 * TarBlockBytes;
        foreach (LayerEntry entry in content.Entries)
        {
            if (entry.Kind == LayerEntryKind.Implied)
                continue;
            bytes += TarBlockBytes + (entry.Kind == LayerEntryKind.File ? RoundUp(entry.SizeBytes, TarBlockBytes) : 0);
        }

        return RoundUp(bytes, TarRecordBytes);
    }

    private static long RoundUp(long bytes, long unit) => (bytes + unit - 1) / unit * unit;
}
