using StorageLab.Model.Images;

namespace StorageLab.Shell.Docker;

/// <summary>Where a host's images come from: a registry to pull from and archives to load.</summary>
public interface IImageSource
{
    /// <summary>Tags the default registry has of a repository, with their images.</summary>
    /// <param name="repository">Familiar name, e.g. <c>nginx</c>.</param>
    /// <returns>Empty for a repository it does not have.</returns>
    IReadOnlyDictionary<string, ImageDefinition> TagsOf(string repository);

    /// <summary>The images in an archive of <c>docker save</c>; null when there is no such file.</summary>
    IReadOnlyList<ImageDefinition>? ReadArchive(string path);
}
