namespace StorageLab.Model.ThinProvisioning;

/// <summary>No metadata block is free. Never leaves the pool: it turns into a rolled-back transaction and read-only mode.</summary>
internal sealed class MetadataExhaustedException() : Exception("the metadata device has no free block");
