namespace StorageLab.Model.FileSystems;

/// <summary>Adjacent bytes of a file that lie in adjacent bytes of the device.</summary>
/// <param name="OffsetBytes">Where it begins in the file.</param>
/// <param name="DeviceOffsetBytes">Where it begins on the device.</param>
/// <param name="LengthBytes">At least 1.</param>
public readonly record struct FileRun(long OffsetBytes, long DeviceOffsetBytes, long LengthBytes);
