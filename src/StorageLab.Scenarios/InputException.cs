namespace StorageLab.Scenarios;

/// <summary>What a user gave cannot be used. Holds every problem that was found, in the order of the file.</summary>
public sealed class InputException : Exception
{
    public InputException(IReadOnlyList<InputProblem> problems)
        : base(string.Join('\n', problems))
    {
        ArgumentOutOfRangeException.ThrowIfZero(problems.Count);
        Problems = problems;
    }

    public InputException(string file, string message)
        : this([new InputProblem(file, 0, 0, message)])
    {
    }

    /// <summary>At least one.</summary>
    public IReadOnlyList<InputProblem> Problems { get; }
}
