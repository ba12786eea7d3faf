using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Model.Images;
using StorageLab.Model.Text;
using StorageLab.Scenarios.Values;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Steps;

/// <summary>Reads the settings of one mapping by its table, reporting whatever is wrong where it stands.</summary>
/// <remarks>A value that was reported is a placeholder; <see cref="HasFailed"/> says that nothing read from here may be used.</remarks>
internal sealed class SettingMap
{
    private readonly Dictionary<string, YamlNode> _values = new(StringComparer.Ordinal);
    private readonly string _subject;

    /// <param name="subject">What the mapping is, for messages: "write", "a host".</param>
    public SettingMap(YamlNode at, string subject, IReadOnlyList<Setting> table, LoopVariables variables, StepContext context)
    {
        At = at;
        _subject = subject;
        Variables = variables;
        Context = context;
        if (at is not YamlMap map)
        {
            Fail(at, $"{subject} needs settings: {string.Join(", ", table.Select(setting => setting.IsRequired ? setting.Name : $"[{setting.Name}]"))}");
            return;
        }

        foreach ((YamlText key, YamlNode value) in map.Entries)
        {
            if (table.Any(setting => setting.Name == key.Value))
                _values.Add(key.Value, value);
            else
                Fail(key, $"unknown setting '{LayerLimits.Shown(key.Value)}' of {subject}; {Hint(key.Value, table.Select(setting => setting.Name))}");
        }

        foreach (Setting missing in table.Where(setting => setting.IsRequired && !_values.ContainsKey(setting.Name)))
            Fail(at, $"{subject} needs '{missing.Name}': {missing.Summary}");
    }

    /// <summary>A verb with a lone scalar, which stands for one of its settings.</summary>
    public SettingMap(YamlText scalar, string subject, string setting, LoopVariables variables, StepContext context)
    {
        At = scalar;
        _subject = subject;
        Variables = variables;
        Context = context;
        _values.Add(setting, scalar);
    }

    public YamlNode At { get; }

    public LoopVariables Variables { get; }

    public StepContext Context { get; }

    public bool HasFailed { get; private set; }

    public YamlNode? Find(string name) => _values.GetValueOrDefault(name);

    public bool Has(string name) => _values.ContainsKey(name);

    public void Fail(YamlNode at, string message)
    {
        HasFailed = true;
        Context.Problems.Add(at, message);
    }

    /// <summary>Something inside was wrong and has been reported.</summary>
    public void MarkFailed() => HasFailed = true;

    /// <summary>"did you mean X?", or the list of what there is.</summary>
    public static string Hint(string word, IEnumerable<string> known)
    {
        string[] words = [.. known];
        return NearestWord.Find(word, words) is { } nearest ? $"did you mean {nearest}?" : $"it may be {string.Join(", ", words)}";
    }

    public Value<string> Text(string name, string fallback = "") => Read(name, fallback, text =>
        text.Length > 0 ? text : throw new ValueException($"{name} is empty"));

    /// <summary>A new image reference: a name in lower case with an optional tag.</summary>
    public Value<string> NewReference(string name) => Read(name, "", ImageReference.Checked);

    public Value<ImageDefinition> Image(string name) => Read(name, default(ImageDefinition)!, Context.FindImage);

    public Value<ContainerPath> Path(string name) => Read(name, default(ContainerPath)!, text =>
    {
        if (text.Length > LayerLimits.PathLengthMax)
            throw new ValueException($"{name} has {text.Length} characters; Linux takes at most {LayerLimits.PathLengthMax}");
        try
        {
            ContainerPath path = ContainerPath.Parse(Context.Names, text);
            return path.Components.IsEmpty ? throw new ValueException($"{name} is the root itself; name something below it") : path;
        }
        catch (ArgumentException)
        {
            throw new ValueException($"{name} is '{LayerLimits.Shown(text)}'; a path begins with /, has no '..' and no name over 255 bytes");
        }
    });

    public Value<long> Size(string name, long least, long most, long fallback = 0) => Read(name, fallback, text => SizeOf(name, text, least, most));

    /// <summary>A size, or a range of sizes; both ends lie in [least, most].</summary>
    public Value<SizeRange> Sizes(string name, long least, long most) => Read(name, default(SizeRange), text =>
    {
        string[] ends = text.Split("..", 2);
        long from = SizeOf(name, ends[0].Trim(), least, most);
        long to = ends.Length == 1 ? from : SizeOf(name, ends[1].Trim(), least, most);
        return to >= from ? new SizeRange(from, to) : throw new ValueException($"{name} runs from {ends[0]} down to {ends[1]}; write the smaller first");
    });

    public Value<long> Count(string name, long least, long most, long fallback = 0) => Read(name, fallback, text =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most
            ? number
            : throw new ValueException(
                $"{name} is '{LayerLimits.Shown(text)}'; it is a whole number{(most == long.MaxValue ? $", {least} or more" : $" from {least} to {most}")}"));

    public Value<long> Duration(string name, long fallback = 0) => Read(name, fallback, text =>
        DurationQuantity.TryParse(text, out long nanoseconds, out string problem) ? nanoseconds : throw new ValueException($"{name}: {problem}"));

    public Value<bool> Boolean(string name) => Read(name, false, text => text switch
    {
        "true" => true,
        "false" => false,
        _ => throw new ValueException($"{name} is '{LayerLimits.Shown(text)}'; it is true or false"),
    });

    public Value<string> Choice(string name, string fallback, params ImmutableArray<string> choices) => Read(name, fallback, text =>
        choices.Contains(text) ? text : throw new ValueException($"{name} is '{LayerLimits.Shown(text)}'; {Hint(text, choices)}"));

    /// <summary>The items of a list setting; a problem and nothing when it is no list.</summary>
    public IReadOnlyList<YamlNode> Items(string name)
    {
        if (Find(name) is not { } node)
            return [];
        if (node is YamlList list)
            return list.Items;
        Fail(node, $"{name} of {_subject} is a list; begin each item with '- '");
        return [];
    }

    /// <summary>Reads a scalar that may hold expressions.</summary>
    public Value<T> Read<T>(string name, T fallback, Func<string, T> read) =>
        Find(name) is { } node ? Read(node, name, fallback, read) : new Value<T>(fallback);

    public Value<T> Read<T>(YamlNode node, string name, T fallback, Func<string, T> read)
    {
        if (node is not YamlText text)
        {
            // {i} at the start of a plain value is a mapping to YAML.
            bool isBraced = node is YamlMap { Entries: [{ Value: YamlText { IsNull: true } }] };
            Fail(node, isBraced
                ? $"{name} begins with a brace; put the value in quotes"
                : $"{name} of {_subject} is one value, not a {(node is YamlList ? "list" : "mapping")}");
            return new Value<T>(fallback);
        }

        try
        {
            if (text.IsNull)
                throw new ValueException($"{name} is empty");
            return new Value<T>(Template.Parse(text.Value, Variables), read);
        }
        catch (ValueException e)
        {
            Fail(text, e.Message);
            return new Value<T>(fallback);
        }
    }

    private static long SizeOf(string name, string text, long least, long most)
    {
        if (!ByteQuantity.TryParse(text, out long bytes, out string problem))
            throw new ValueException($"{name}: {problem}");
        return bytes >= least && bytes <= most
            ? bytes
            : throw new ValueException($"{name} is {LayerLimits.Shown(text)}; it may be {ByteQuantity.Text(least)} to {ByteQuantity.Text(most)}");
    }
}
