namespace StorageLab.Model.Images;

/// <summary>A volume at a place in a container.</summary>
/// <param name="Volume">What is mounted.</param>
/// <param name="Path">Where.</param>
public sealed record VolumeMount(Volume Volume, ContainerPath Path);
