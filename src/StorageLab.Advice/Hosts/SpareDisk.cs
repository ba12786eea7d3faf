namespace StorageLab.Advice.Hosts;

/// <summary>A disk nobody uses.</summary>
/// <param name="Path">E.g. <c>/dev/sdb</c>.</param>
public sealed record SpareDisk(string Path, long SizeBytes);
