using StorageLab.Model.FileSystems;

namespace StorageLab.Model.Drivers;

/// <summary>How a graph-driver call ended.</summary>
/// <param name="Error">Docker's own text; null when the call succeeded.</param>
/// <param name="IsRefusal">The driver said no before it touched anything (its minimum of free space, an unknown device).</param>
public readonly record struct DriverOutcome(string? Error, bool IsRefusal)
{
    public static DriverOutcome Ok => default;

    public bool IsOk => Error is null;

    public static DriverOutcome Refused(string error) => new(error, IsRefusal: true);

    public static DriverOutcome Failed(string error) => new(error, IsRefusal: false);

    /// <summary>Ok, or a failure whose text is <paramref name="prefix"/> and the errno's own words, as Go prints a syscall's error.</summary>
    public static DriverOutcome From(FsStatus status, string prefix) =>
        status == FsStatus.Ok ? Ok : Failed(prefix + ErrnoText.Of(status));
}
