using StorageLab.Model.Images;
using StorageLab.Scenarios.Recorded;

namespace StorageLab.Shell.Docker;

/// <summary>The images of a recorded host: archives by the names they had there, and no network.</summary>
public sealed class RecordedImageSource(RecordedImages images) : IImageSource
{
    private const string ArchiveEnding = ".tar";

    public string DefaultRegistryProblem =>
        "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io on 127.0.0.1:53: dial udp 127.0.0.1:53: connect: network is unreachable";

    public IReadOnlyDictionary<string, ImageDefinition> TagsOf(string path) => new Dictionary<string, ImageDefinition>();

    public bool HasArchive(string path) => Find(path) is not null;

    public IReadOnlyList<ImageDefinition>? ReadArchive(string path) => Find(path) is { } image ? [image] : null;

    public ImageLayer? ReadLayer(string path) => null;

    private ImageDefinition? Find(string path)
    {
        string name = Path.GetFileName(path);
        return name.EndsWith(ArchiveEnding, StringComparison.Ordinal) ? images.TryFind(name[..^ArchiveEnding.Length]) : null;
    }
}
