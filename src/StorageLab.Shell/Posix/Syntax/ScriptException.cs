using StorageLab.Scenarios;

namespace StorageLab.Shell.Posix.Syntax;

/// <summary>A script cannot be read or run as it is written: its place, what is wrong and what would be right.</summary>
public sealed class ScriptException(InputProblem problem, Incompleteness incompleteness = Incompleteness.None) : Exception(problem.ToString())
{
    public InputProblem Problem { get; } = problem;

    /// <summary>Whether more lines could make the text whole.</summary>
    public Incompleteness Incompleteness { get; } = incompleteness;
}
