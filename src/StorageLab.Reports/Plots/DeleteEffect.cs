namespace StorageLab.Reports.Plots;

/// <summary>What one step that removes images or containers did.</summary>
/// <param name="StepIndex">The step.</param>
/// <param name="FreedLiveBytes">What Docker holds less after it.</param>
/// <param name="GivenBackBytes">What the driver's storage holds less after it; negative when the deletion cost space.</param>
internal readonly record struct DeleteEffect(int StepIndex, long FreedLiveBytes, long GivenBackBytes);
