using System.Globalization;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Recorded;

/// <summary>A JSON file with the places of its values, and how to complain about one.</summary>
internal sealed class JsonFile
{
    private readonly string _path;

    private JsonFile(string path, YamlMap root) => (_path, Root) = (path, root);

    public YamlMap Root { get; }

    /// <exception cref="InputException">The file is missing or is not one JSON object.</exception>
    public static JsonFile Read(string path)
    {
        ProblemList problems = new(path);
        YamlNode? root = YamlTreeReader.Read(InputFile.ReadText(path), problems, isJson: true);
        problems.ThrowIfAny();
        return root is YamlMap map ? new JsonFile(path, map) : throw new InputException([new InputProblem(path, 1, 1, "is not a JSON object")]);
    }

    public InputException Bad(YamlNode at, string message) => new([new InputProblem(_path, at.Line, at.Column, message)]);

    public YamlNode Member(YamlNode parent, string name) =>
        parent is YamlMap map && map.Find(name) is { } node ? node : throw Bad(parent, $"'{name}' is missing");

    public static bool Has(YamlNode parent, string name) => parent is YamlMap map && map.Find(name) is not null;

    public string Text(YamlNode node) => node is YamlText text ? text.Value : throw Bad(node, "a text or a number was expected");

    public string Text(YamlNode parent, string name) => Text(Member(parent, name));

    /// <summary>One of a few words.</summary>
    public string Choice(YamlNode parent, string name, IReadOnlyList<string> words)
    {
        string text = Text(parent, name);
        return words.Contains(text)
            ? text
            : throw Bad(Member(parent, name), $"{name} '{LayerLimits.Shown(text)}' is not known; it is {string.Join(", ", words)}");
    }

    /// <summary>A whole number from 0 to <paramref name="most"/>.</summary>
    public long Number(YamlNode node, long most)
    {
        if (!long.TryParse(Text(node), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
            throw Bad(node, $"'{LayerLimits.Shown(Text(node))}' is not a whole number from 0 up");
        return value <= most ? value : throw Bad(node, $"{value} is too much; at most {most} is read");
    }

    public long Number(YamlNode parent, string name, long most) => Number(Member(parent, name), most);

    public IReadOnlyList<YamlNode> List(YamlNode parent, string name) =>
        Member(parent, name) is YamlList list ? list.Items : throw Bad(Member(parent, name), $"'{name}' is not a list");
}
