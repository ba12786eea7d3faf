using StorageLab.Model.Measurement;

namespace StorageLab.Reports.Html;

/// <summary>A sample, and what the steps up to it came to.</summary>
/// <param name="Sample">The state after the step.</param>
/// <param name="ContentBytes">File content written so far, without the daemon's start.</param>
/// <param name="DiskBytes">Bytes that reached the disks for it.</param>
/// <param name="BusyNanoseconds">Time worked so far, waits left out.</param>
/// <param name="RemovedBytes">Live data that deletes took away so far.</param>
/// <param name="GivenBackBytes">What the storage gave back for it.</param>
internal sealed record CurvePoint(Sample Sample, long ContentBytes, long DiskBytes, long BusyNanoseconds, long RemovedBytes, long GivenBackBytes);
