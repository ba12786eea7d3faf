namespace StorageLab.Scenarios.Yaml;

/// <summary>Collects what is wrong with one file.</summary>
internal sealed class ProblemList(string file)
{
    /// <summary>More would not be read; a broken file must not fill the screen or the memory.</summary>
    private const int CountMax = 100;

    private readonly List<InputProblem> _problems = [];

    public string File { get; } = file;

    public bool IsEmpty => _problems.Count == 0;

    public bool IsFull => _problems.Count >= CountMax;

    public void Add(YamlNode at, string message) => Add(at.Line, at.Column, message);

    /// <summary>Adds it unless something is wrong at that place already: a loop would say the same at every turn.</summary>
    public void AddFirstAt(YamlNode at, string message)
    {
        if (!_problems.Any(problem => problem.Line == at.Line && problem.Column == at.Column))
            Add(at, message);
    }

    public void Add(int line, int column, string message) => Add(new InputProblem(File, line, column, message));

    public void Add(InputProblem problem)
    {
        if (!IsFull && !_problems.Contains(problem))
            _problems.Add(problem);
    }

    public void ThrowIfAny()
    {
        if (!IsEmpty)
            throw new InputException([.. _problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)]);
    }
}
