using StorageLab.Model.Images;

namespace StorageLab.Shell.Docker.Images;

/// <summary>An image of the daemon as an archive or a registry takes it.</summary>
internal static class ImageExport
{
    public static ImageDefinition Of(Image image, string tag) => new()
    {
        Key = tag,
        Tag = tag,
        ImageId = image.Id,
        Layers = [.. image.Layers.Select(layer => layer.Source)],
        Configuration = image.Configuration,
    };
}
