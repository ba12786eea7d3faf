namespace StorageLab.Shell.Docker.Images;

/// <summary>How an image uses the layer store.</summary>
/// <param name="SharedBytes">Sizes of its layers that other listed images have too.</param>
/// <param name="ContainerCount">Containers made of it.</param>
internal readonly record struct ImageUse(long SharedBytes, int ContainerCount);
