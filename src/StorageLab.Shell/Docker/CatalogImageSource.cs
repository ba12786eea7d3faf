using StorageLab.Model.Images;
using StorageLab.Scenarios;

namespace StorageLab.Shell.Docker;

/// <summary>The shipped catalog as every registry, and the user's own files as archives.</summary>
/// <remarks>May be shared by hosts on several threads: a listing is read once, under a lock.</remarks>
public sealed class CatalogImageSource(ImageCatalog catalog, NameTable names) : IImageSource
{
    private const string OfficialPrefix = "library/";

    private readonly Lock _reading = new();

    public string? DefaultRegistryProblem => null;

    public IReadOnlyList<ImageDefinition> BuildsOf(string path, string tag)
    {
        lock (_reading)
            return [.. catalog.Images.Where(image => image.Tag == $"{RepositoryOf(path)}:{tag}").Select(catalog.Load)];
    }

    public IReadOnlyDictionary<string, ImageDefinition> TagsOf(string path)
    {
        string repository = RepositoryOf(path);
        lock (_reading)
        {
            return catalog.Images
                .Where(image => image.Tag.StartsWith(repository + ":", StringComparison.Ordinal))
                .DistinctBy(image => image.Tag)
                .ToDictionary(image => image.Tag[(repository.Length + 1)..], catalog.Load);
        }
    }

    public bool HasArchive(string path) => File.Exists(path) || Directory.Exists(path);

    public IReadOnlyList<ImageDefinition>? ReadArchive(string path)
    {
        lock (_reading)
            return HasArchive(path) ? ArchiveImageReader.Read(path, names) : null;
    }

    public ImageLayer? ReadLayer(string path)
    {
        lock (_reading)
            return File.Exists(path) ? ArchiveImageReader.ReadLayer(path, names) : null;
    }

    private static string RepositoryOf(string path) => path.StartsWith(OfficialPrefix, StringComparison.Ordinal) ? path[OfficialPrefix.Length..] : path;
}
