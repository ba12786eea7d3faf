namespace StorageLab.Shell.Sessions;

/// <summary>Adjacent bytes of a driver's storage that are used for the same.</summary>
public readonly record struct DiskRun(long StartBytes, long LengthBytes, BlockUse Use);
