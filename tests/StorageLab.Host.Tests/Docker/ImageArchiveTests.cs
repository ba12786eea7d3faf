using System.Formats.Tar;
using System.Text.Json;
using StorageLab.Host.Docker;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Host.Tests.Docker;

public sealed class ImageArchiveTests
{
    private readonly NameTable _names = new();

    [Fact]
    public void An_archive_is_what_docker_load_expects_and_its_digests_are_those_of_its_files()
    {
        ImageDefinition image = Image("app:1", "1", "2");
        ImageArchive archive = new(_names);
        LoadedImage loaded = archive.Describe(image);
        Dictionary<string, byte[]> files = Unpack(archive.Open(image));

        using JsonDocument manifest = JsonDocument.Parse(files["manifest.json"]);
        JsonElement entry = manifest.RootElement[0];
        Assert.Equal("app:1", entry.GetProperty("RepoTags")[0].GetString());
        string config = entry.GetProperty("Config").GetString()!;
        Assert.Equal(loaded.ImageId, ContentIds.Of(files[config]));
        Assert.Equal(loaded.DiffIds, entry.GetProperty("Layers").EnumerateArray().Select(layer => ContentIds.Of(files[layer.GetString()!])));
        using JsonDocument configuration = JsonDocument.Parse(files[config]);
        Assert.Equal(loaded.DiffIds, configuration.RootElement.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray().Select(id => id.GetString()!));
        Assert.Equal(ImageArchive.LabelValue, configuration.RootElement.GetProperty("config").GetProperty("Labels").GetProperty(ImageArchive.Label).GetString());
    }

    [Fact]
    public void Images_share_the_layers_that_they_share_in_the_catalog_and_no_others()
    {
        ImageArchive archive = new(_names);
        LoadedImage one = archive.Describe(Image("app:1", "1", "2")), other = archive.Describe(Image("app:2", "1", "3"));
        Assert.Equal(one.DiffIds[0], other.DiffIds[0]);
        Assert.NotEqual(one.DiffIds[1], other.DiffIds[1]);
        Assert.NotEqual(one.ImageId, archive.Describe(Image("app:3", "1", "2")).ImageId);
    }

    private ImageDefinition Image(string tag, params string[] layers) => new()
    {
        Key = tag,
        Tag = tag,
        ImageId = ContentIds.Of(tag),
        Layers = [.. layers.Select(layer => new ImageLayer(ContentIds.Of(layer), 1, Content()))],
    };

    private LayerContent Content()
    {
        LayerContentBuilder builder = new(_names);
        builder.Add("bin/sh", LayerEntryKind.File, 100_000);
        return builder.Build();
    }

    private static Dictionary<string, byte[]> Unpack(Stream archive)
    {
        using (archive)
        using (TarReader reader = new(archive))
        {
            Dictionary<string, byte[]> files = [];
            while (reader.GetNextEntry() is { } entry)
            {
                using MemoryStream content = new();
                entry.DataStream!.CopyTo(content);
                files.Add(entry.Name, content.ToArray());
            }

            return files;
        }
    }
}
