using StorageLab.Model.Images;

namespace StorageLab.Shell.Docker;

/// <summary>Where a host's images come from: registries to pull from and archives to load.</summary>
public interface IImageSource
{
    /// <summary>Why the default registry cannot be reached, as the daemon says it; null where it can.</summary>
    string? DefaultRegistryProblem { get; }

    /// <summary>Tags that registries have of a repository, with their images.</summary>
    /// <param name="path">The repository in its registry, e.g. <c>library/nginx</c>.</param>
    /// <returns>Empty for a repository they do not have.</returns>
    IReadOnlyDictionary<string, ImageDefinition> TagsOf(string path);

    /// <summary>Every build of a tag that a registry gets, one after the other; one where it is never built again, none where there is no such tag.</summary>
    IReadOnlyList<ImageDefinition> BuildsOf(string path, string tag) => TagsOf(path).TryGetValue(tag, out ImageDefinition? only) ? [only] : [];

    /// <summary>Whether there is an archive at a path.</summary>
    bool HasArchive(string path);

    /// <summary>The images in an archive of <c>docker save</c>; null when there is no such file.</summary>
    /// <exception cref="Scenarios.InputException">The archive is damaged.</exception>
    IReadOnlyList<ImageDefinition>? ReadArchive(string path);

    /// <summary>A layer in an archive of files; null when there is no such file.</summary>
    /// <exception cref="Scenarios.InputException">The archive is damaged.</exception>
    ImageLayer? ReadLayer(string path);
}
