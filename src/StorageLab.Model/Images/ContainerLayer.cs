namespace StorageLab.Model.Images;

/// <summary>The two writable layers of a container.</summary>
/// <param name="MountId">The container's own layer in the graph driver.</param>
/// <param name="InitId">The -init layer under it.</param>
/// <param name="Parent">The image's top layer; null for an image without layers.</param>
public sealed record ContainerLayer(string MountId, string InitId, Layer? Parent);
