using StorageLab.Model.Measurement;
using StorageLab.Shell.Posix.Syntax;

namespace StorageLab.Shell.Sessions;

/// <summary>What one command of a script wrote and did.</summary>
/// <param name="Command">The command.</param>
/// <param name="Output">What it wrote, to both streams in order.</param>
/// <param name="Status">Its exit status.</param>
/// <param name="Before">The host before it.</param>
/// <param name="After">The host behind it; the same where it only looked.</param>
public sealed record CommandTranscript(ScriptCommand Command, string Output, int Status, Sample Before, Sample After);
