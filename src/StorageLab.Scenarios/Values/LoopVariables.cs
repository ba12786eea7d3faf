using StorageLab.Model.Text;

namespace StorageLab.Scenarios.Values;

/// <summary>The loop variables that are known at one place of a scenario, outermost first.</summary>
internal sealed class LoopVariables
{
    public static readonly LoopVariables None = new([]);

    private readonly string[] _names;

    private LoopVariables(string[] names) => _names = names;

    public int Count => _names.Length;

    /// <summary>The variables inside a further loop; an inner name hides an outer one.</summary>
    public LoopVariables With(string name) => new([.. _names, name]);

    /// <summary>Slot of the innermost variable of that name, or -1.</summary>
    public int SlotOf(string name) => Array.LastIndexOf(_names, name);

    /// <summary>What an unknown name should perhaps have been.</summary>
    public string Hint(string name)
    {
        if (_names.Length == 0)
            return "there is no loop around it; write {{ for a brace";
        string? nearest = NearestWord.Find(name, _names);
        return nearest is not null ? $"did you mean {nearest}?" : $"here is {string.Join(", ", _names.Distinct())}";
    }
}
