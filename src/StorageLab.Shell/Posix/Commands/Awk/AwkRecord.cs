namespace StorageLab.Shell.Posix.Commands.Awk;

/// <summary>The line a program looks at, and its variables.</summary>
internal sealed class AwkRecord(string separator, TextWriter output)
{
    private readonly Dictionary<string, AwkValue> _variables = new(StringComparer.Ordinal) { ["OFS"] = new(" ", null), ["FS"] = new(separator, null) };
    private string[] _fields = [];
    private string _line = "";
    private int _lineCount;

    public TextWriter Output { get; } = output;

    public void Read(string line)
    {
        _line = line;
        _lineCount++;
        string separator = _variables["FS"].Text;
        _fields = separator switch
        {
            " " => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
            _ when line.Length == 0 => [],
            { Length: 1 } => line.Split(separator[0]),
            _ => RegexTranslator.Translate(separator, isExtended: true, ignoresCase: false).Split(line),
        };
    }

    public AwkValue Field(double number) => number switch
    {
        0 => AwkValue.OfInput(_line),
        >= 1 when number <= _fields.Length => AwkValue.OfInput(_fields[(int)number - 1]),
        _ => AwkValue.Empty,
    };

    public AwkValue Get(string name) => name switch
    {
        "NR" => AwkValue.Of(_lineCount),
        "NF" => AwkValue.Of(_fields.Length),
        // A variable that was not set is both nothing and 0.
        _ => _variables.TryGetValue(name, out AwkValue value) ? value : new AwkValue("", 0),
    };

    public void Set(string name, AwkValue value) => _variables[name] = value;
}
