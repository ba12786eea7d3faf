using StorageLab.Model.Images;
using StorageLab.Model.Text;
using StorageLab.Scenarios.Steps;
using StorageLab.Scenarios.Values;

namespace StorageLab.Scenarios;

/// <summary>The images one scenario can pull: its own archives first, then the shipped catalog.</summary>
internal sealed class ImageShelf(ImageCatalog catalog, NameTable names)
{
    /// <summary>Archives of one scenario; each may hold several images.</summary>
    private const int ArchiveCountMax = 100;

    /// <summary>Images that a message lists: the shipped catalog, and a few.</summary>
    private const int ListedImageCountMax = 40;

    private readonly Dictionary<string, ImageDefinition> _own = new(StringComparer.Ordinal);

    /// <summary>Reads the archives the scenario names.</summary>
    public void AddArchives(SettingMap settings, string baseFolder)
    {
        IReadOnlyList<Yaml.YamlNode> items = settings.Items("images");
        if (items.Count > ArchiveCountMax)
            settings.Fail(settings.Find("images")!, $"images lists {items.Count} archives; at most {ArchiveCountMax} are read");
        foreach (Yaml.YamlNode item in items.Take(ArchiveCountMax))
        {
            string path = settings.Read(item, "images", "", text => text).Get(new ReplayScope(0));
            if (path.Length == 0)
                continue;
            try
            {
                foreach (ImageDefinition image in ArchiveImageReader.Read(Path.Combine(baseFolder, path), names))
                {
                    if (!_own.TryAdd(image.Key, image))
                        settings.Fail(item, $"holds image {image.Key}, which an archive above holds too; list one of them");
                }
            }
            catch (InputException e)
            {
                foreach (InputProblem problem in e.Problems)
                    settings.Fail(item, problem.ToString());
            }
        }
    }

    /// <exception cref="ValueException">There is no such image; the message names the nearest.</exception>
    public ImageDefinition Find(string reference)
    {
        if (_own.TryGetValue(reference, out ImageDefinition? own) || _own.TryGetValue(reference + ":latest", out own))
            return own;
        if (catalog.Find(reference) is { } image)
            return catalog.Load(image);
        IEnumerable<string> nearOwn = _own.Keys.Where(key => NearestWord.Find(reference, [key]) is not null);
        string[] near = [.. nearOwn.Concat(catalog.NearestTo(reference)).Take(3)];
        string[] all = [.. _own.Keys.Concat(catalog.Images.Select(image => image.Tag)).Distinct()];
        string rest = all.Length > ListedImageCountMax ? $" and {all.Length - ListedImageCountMax} more" : "";
        throw new ValueException($"there is no image '{LayerLimits.Shown(reference)}' to pull; "
            + (near.Length > 0 ? $"near it are {string.Join(", ", near)}" : $"there are {string.Join(", ", all.Take(ListedImageCountMax))}{rest}"));
    }
}
