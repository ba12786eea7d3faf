using System.Collections.Immutable;
using StorageLab.Scenarios.Values;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Steps;

/// <summary>Reads a list of steps into nodes that yield them.</summary>
internal sealed class StepReader(StepContext context)
{
    /// <summary>A hundred times the largest shipped scenario; each step is a row of samples.</summary>
    public const long RepeatCountMax = 10_000_000;

    private const long WeightMax = 1_000_000;

    /// <summary>Keys that may stand beside a step's word.</summary>
    public static ImmutableArray<Setting> Modifiers { get; } =
    [
        new("every", SettingKind.Count, "only at every n-th turn of the loop around it"),
        new("from", SettingKind.Count, "only from this turn on"),
        new("until", SettingKind.Count, "only up to this turn"),
    ];

    public static Setting Weight { get; } = new("weight", SettingKind.Count, "how likely against the other choices; 1 when not given");

    /// <summary>Words that hold other steps.</summary>
    public static ImmutableArray<(string Name, string Summary, ImmutableArray<Setting> Settings)> Blocks { get; } =
    [
        ("repeat", "does steps several times",
            [
                new("times", SettingKind.Count, "how often", true), new("as", SettingKind.Name, "the variable that counts from 1; i when not given"),
                new("steps", SettingKind.Steps, "what is done", true),
            ]),
        ("random", "draws one of several steps, again and again",
            [
                new("count", SettingKind.Count, "how often it draws", true),
                new("seed", SettingKind.Count, "a seed of its own; the scenario's when not given"),
                new("as", SettingKind.Name, "the variable that counts from 1; n when not given"),
                new("choices", SettingKind.Choices, "steps, each with a weight", true),
            ]),
        ("steps", "steps under one condition", []),
    ];

    private static readonly string[] Words = [.. StepVerbs.All.Select(verb => verb.Name), .. Blocks.Select(block => block.Name)];

    /// <summary>Reads the steps; what is wrong is reported and left out.</summary>
    public ImmutableArray<StepNode> ReadList(YamlNode node, LoopVariables variables)
    {
        if (node is not YamlList list)
        {
            context.Problems.Add(node, "steps are a list; begin each with '- '");
            return [];
        }

        return [.. list.Items.Select(item => ReadStep(item, variables, false)).Where(step => step.Node is not null).Select(step => step.Node!)];
    }

    private (StepNode? Node, long Weight) ReadStep(YamlNode item, LoopVariables variables, bool isChoice)
    {
        if (item is YamlText word)
            return (ReadWord(word, new YamlText(word.Line, word.Column, "", true), StepCondition.Always, variables), 1);
        if (item is not YamlMap map)
        {
            context.Problems.Add(item, "a step is a word with its settings, e.g. pull: nginx:1.22");
            return (null, 1);
        }

        ImmutableArray<Setting> modifiers = isChoice ? Modifiers.Add(Weight) : Modifiers;
        KeyValuePair<YamlText, YamlNode>[] words = [.. map.Entries.Where(entry => modifiers.All(setting => setting.Name != entry.Key.Value))];
        if (words.Length == 0)
        {
            context.Problems.Add(map, "this step says when, but not what; add a word such as pull");
            return (null, 1);
        }

        if (words.Length > 1)
        {
            ReportExtraWords(words, modifiers);
            return (null, 1);
        }

        YamlMap beside = new(map.Line, map.Column, [.. map.Entries.Where(entry => entry.Key != words[0].Key)]);
        SettingMap settings = new(beside, "a step", modifiers, variables, context);
        StepCondition? condition = ReadCondition(settings, variables);
        long weight = Constant(settings, "weight", 1, WeightMax, 1);
        StepNode? node = ReadWord(words[0].Key, words[0].Value, condition ?? StepCondition.Always, variables);
        return (condition is null ? null : node, weight);
    }

    private void ReportExtraWords(KeyValuePair<YamlText, YamlNode>[] words, ImmutableArray<Setting> modifiers)
    {
        var known = 0;
        foreach ((YamlText word, _) in words)
        {
            if (!Words.Contains(word.Value))
                context.Problems.Add(word, UnknownWord(word.Value, modifiers));
            else if (++known > 1)
                context.Problems.Add(word, $"'{word.Value}' is a second word in one step; begin a new step with '- ', or indent its settings");
        }
    }

    private static string UnknownWord(string word, IEnumerable<Setting> modifiers) =>
        $"unknown step '{LayerLimits.Shown(word)}'; {SettingMap.Hint(word, Words.Concat(modifiers.Select(setting => setting.Name)))}";

    private static StepCondition? ReadCondition(SettingMap settings, LoopVariables variables)
    {
        string[] given = [.. Modifiers.Select(setting => setting.Name).Where(settings.Has)];
        if (given.Length == 0)
            return settings.HasFailed ? null : StepCondition.Always;
        if (variables.Count == 0)
            settings.Fail(settings.Find(given[0])!, $"'{given[0]}' counts the turns of a loop, and there is none around this step; put it into repeat");
        StepCondition condition = new(
            variables.Count - 1,
            Constant(settings, "every", 1, RepeatCountMax, 1),
            Constant(settings, "from", 1, RepeatCountMax, 1),
            Constant(settings, "until", 1, RepeatCountMax, long.MaxValue));
        return settings.HasFailed ? null : condition;
    }

    // A number that must not depend on a loop's variable.
    private static long Constant(SettingMap settings, string name, long least, long most, long fallback)
    {
        if (settings.Find(name) is YamlText node && node.Value.Contains('{', StringComparison.Ordinal))
        {
            settings.Fail(node, $"{name} is a plain number, without braces");
            return fallback;
        }

        return settings.Count(name, least, most, fallback).Get(new ReplayScope(0));
    }

    private StepNode? ReadWord(YamlText word, YamlNode value, StepCondition condition, LoopVariables variables)
    {
        if (word.Value == "steps")
            return new StepGroup(word, condition, ReadList(value, variables));
        if (Blocks.FirstOrDefault(block => block.Name == word.Value) is { Name: not null } block)
            return ReadBlock(word, value, block.Settings, condition, variables);
        if (StepVerbs.All.FirstOrDefault(known => known.Name == word.Value) is not { } verb)
        {
            context.Problems.Add(word, UnknownWord(word.Value, Modifiers));
            return null;
        }

        if (Settings(verb, word, value, variables) is not { } settings)
            return null;
        StepMaker maker = verb.Compile(settings);
        return settings.HasFailed ? null : new SingleStep(word, condition, maker);
    }

    private SettingMap? Settings(StepVerb verb, YamlText word, YamlNode value, LoopVariables variables)
    {
        bool isEmpty = value is YamlText { IsNull: true };
        if (isEmpty && verb.StandsAlone)
            return new SettingMap(new YamlMap(word.Line, word.Column, []), verb.Name, verb.Settings, variables, context);
        if (verb.Settings.IsEmpty)
        {
            context.Problems.Add(value, $"{verb.Name} stands alone; remove what follows it");
            return null;
        }

        if (isEmpty || (value is YamlText && verb.Short is null))
        {
            string example = string.Join(", ", verb.Settings.Where(setting => setting.IsRequired).Select(setting => $"{setting.Name}: ..."));
            context.Problems.Add(isEmpty ? word : value, verb.Short is null
                ? $"{verb.Name} needs settings: {{{example}}}"
                : $"{verb.Name} needs its {verb.Short}: {verb.Name}: ...");
            return null;
        }

        return value is YamlText text
            ? new SettingMap(text, verb.Name, verb.Short!, variables, context)
            : new SettingMap(value, verb.Name, verb.Settings, variables, context);
    }

    private StepNode? ReadBlock(
        YamlText word, YamlNode value, ImmutableArray<Setting> table, StepCondition condition, LoopVariables variables)
    {
        SettingMap settings = new(value, word.Value, table, variables, context);
        if (variables.Count == ReplayScope.LoopDepthMax)
        {
            context.Problems.Add(word, $"loops nest at most {ReplayScope.LoopDepthMax} deep");
            return null;
        }

        bool isRepeat = word.Value == "repeat";
        string name = VariableName(settings, isRepeat ? "i" : "n");
        LoopVariables inner = variables.With(name);
        if (isRepeat)
        {
            Value<long> times = settings.Count("times", 0, RepeatCountMax);
            ImmutableArray<StepNode> steps = settings.Find("steps") is { } list ? ReadList(list, inner) : [];
            return settings.HasFailed ? null : new RepeatedSteps(word, condition, times, variables.Count, steps);
        }

        Value<long> count = settings.Count("count", 0, RepeatCountMax);
        long? seed = settings.Has("seed") ? Constant(settings, "seed", 0, long.MaxValue, 0) : null;
        ImmutableArray<(long Weight, StepNode Step)> choices =
        [
            .. settings.Items("choices").Select(item => ReadStep(item, inner, true))
                .Where(choice => choice.Node is not null).Select(choice => (choice.Weight, choice.Node!)),
        ];
        if (settings.Find("choices") is YamlList { Items.Count: 0 } empty)
            settings.Fail(empty, "random has no choices; list at least one step");
        return settings.HasFailed || choices.IsEmpty ? null : new RandomSteps(word, condition, count, seed, variables.Count, choices);
    }

    private static string VariableName(SettingMap settings, string fallback)
    {
        if (settings.Find("as") is not { } node)
            return fallback;
        if (node is YamlText { Value: { Length: > 0 and <= 30 } name } && !char.IsAsciiDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            return name;
        settings.Fail(node, "a variable's name is a few letters, digits and _, such as i or week");
        return fallback;
    }
}
