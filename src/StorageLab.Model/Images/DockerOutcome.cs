using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Measurement;

namespace StorageLab.Model.Images;

/// <summary>What the daemon answered to one command.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Error">Docker's text, as the command line prints it; empty on success.</param>
/// <param name="IsNotFound">Whether what the command names does not exist.</param>
public readonly record struct DockerOutcome(StepResult Result, string Error, bool IsNotFound = false)
{
    private const string DaemonPrefix = "Error response from daemon: ";

    public static DockerOutcome Ok => new(StepResult.Ok, "");

    public bool IsOk => Result == StepResult.Ok;

    /// <summary>The daemon said no; nothing changed.</summary>
    public static DockerOutcome Refused(string text) => new(StepResult.Refused, DaemonPrefix + text);

    /// <summary>An object that a command names does not exist.</summary>
    /// <param name="kind"><c>image</c> or <c>container</c>.</param>
    /// <param name="name">Its name as the daemon completes it.</param>
    public static DockerOutcome NotFound(string kind, string name) =>
        new(StepResult.Refused, $"{DaemonPrefix}No such {kind}: {name}", IsNotFound: true);

    /// <summary>For commands whose client words a missing object itself, by the name as typed (client/errors.go, objectNotFoundError).</summary>
    public DockerOutcome NamedAsTyped(string kind, string name) => IsNotFound ? this with { Error = $"Error: No such {kind}: {name}" } : this;

    public static DockerOutcome From(DriverOutcome outcome) => outcome.Error is null
        ? Ok
        : new DockerOutcome(outcome.IsRefusal ? StepResult.Refused : StepResult.Failed, DaemonPrefix + outcome.Error);

    /// <summary>As <see cref="From(DriverOutcome)"/>, for commands whose errors come through a progress stream and bear no prefix (pull, load).</summary>
    public static DockerOutcome FromStream(DriverOutcome outcome) => outcome.Error is null
        ? Ok
        : new DockerOutcome(outcome.IsRefusal ? StepResult.Refused : StepResult.Failed, outcome.Error);

    public static DockerOutcome From(FsStatus status, string prefix) => From(DriverOutcome.From(status, prefix));
}
