using StorageLab.Model.Images;

namespace StorageLab.Shell.Docker.Images;

/// <summary>An image as the daemon lists it.</summary>
/// <param name="Image">The image.</param>
/// <param name="Tags">Its tags that passed the filters; empty for an image without.</param>
/// <param name="Digests">As <paramref name="Tags"/>, its digests.</param>
internal sealed record ListedImage(Image Image, IReadOnlyList<ImageName> Tags, IReadOnlyList<ImageName> Digests);
