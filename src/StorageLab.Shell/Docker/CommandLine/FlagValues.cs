using System.Globalization;
using StorageLab.Model.Text;
using StorageLab.Shell.GoTemplates;

namespace StorageLab.Shell.Docker.CommandLine;

/// <summary>The flags and arguments of one command line, read as pflag reads them.</summary>
internal sealed class FlagValues
{
    private const int UsageExitCode = 125;

    private readonly CommandHelp _help;
    private readonly string _path;
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);
    private readonly List<string> _arguments = [];

    private FlagValues(CommandHelp help, string path) => (_help, _path) = (help, path);

    public IReadOnlyList<string> Arguments => _arguments;

    /// <summary>Whether help was asked for.</summary>
    public bool AsksForHelp { get; private set; }

    /// <summary>Whether it was asked for by its old letter.</summary>
    public bool AsksByLetter { get; private set; }

    /// <param name="path">The command's words, for its errors.</param>
    /// <param name="stopsAtFirstArgument">Whether all after the first argument belongs to it, as the command of docker run does.</param>
    /// <exception cref="CommandException">An unknown flag, or a value that is none.</exception>
    public static FlagValues Read(CommandHelp help, string path, IReadOnlyList<string> words, bool stopsAtFirstArgument)
    {
        FlagValues values = new(help, path);
        for (var index = 0; index < words.Count; index++)
        {
            string word = words[index];
            if (word == "--")
            {
                values._arguments.AddRange(words.Skip(index + 1));
                break;
            }

            if (word.StartsWith("--", StringComparison.Ordinal))
                values.ReadLong(word[2..], words, ref index);
            else if (word.Length > 1 && word[0] == '-')
                values.ReadLetters(word, words, ref index);
            else
                values._arguments.Add(word);
            if (values._arguments.Count > 0 && stopsAtFirstArgument)
            {
                values._arguments.AddRange(words.Skip(index + 1));
                break;
            }
        }

        return values;
    }

    public bool IsGiven(string name) => _values.ContainsKey(name);

    /// <summary>A switch.</summary>
    public bool Is(string name) => _values.TryGetValue(name, out List<string>? values) && ParseBoolean(values[^1])!.Value;

    /// <summary>A text's last value; the fallback where it was not given.</summary>
    public string Text(string name, string fallback = "") => _values.TryGetValue(name, out List<string>? values) ? values[^1] : fallback;

    public IReadOnlyList<string> Texts(string name) => _values.TryGetValue(name, out List<string>? values) ? values : [];

    public int Number(string name, int fallback) => int.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : fallback;

    private void ReadLong(string text, IReadOnlyList<string> words, ref int index)
    {
        int equals = text.IndexOf('=');
        string name = equals < 0 ? text : text[..equals];
        if (name.Length == 0 || name[0] == '-')
            throw Usage($"bad flag syntax: --{text}");
        if (name == "help")
        {
            AsksForHelp |= equals < 0 || ParseBoolean(text[(equals + 1)..]) == true;
            return;
        }

        CommandFlag flag = _help.Find(name) ?? throw Usage($"unknown flag: --{name}");
        if (equals >= 0)
            Set(flag, text[(equals + 1)..]);
        else if (flag.IsSwitch)
            Set(flag, "true");
        else
            Set(flag, index + 1 < words.Count ? words[++index] : throw Usage($"flag needs an argument: --{name}"));
    }

    private void ReadLetters(string word, IReadOnlyList<string> words, ref int index)
    {
        for (var at = 1; at < word.Length; at++)
        {
            char letter = word[at];
            CommandFlag? flag = _help.Find(letter);
            if (flag is null)
            {
                if (letter != 'h')
                    throw Usage($"unknown shorthand flag: '{letter}' in -{word[at..]}");
                AsksForHelp = AsksByLetter = true;
                continue;
            }

            string rest = word[(at + 1)..];
            if (rest.Length > 1 && rest[0] == '=')
            {
                Set(flag, rest[1..]);
                return;
            }

            if (flag.IsSwitch)
            {
                Set(flag, "true");
                continue;
            }

            if (rest.Length > 0)
                Set(flag, rest);
            else
                Set(flag, index + 1 < words.Count ? words[++index] : throw Usage($"flag needs an argument: '{letter}' in -{word[at..]}"));
            return;
        }
    }

    private void Set(CommandFlag flag, string value)
    {
        string? problem = flag.Type switch
        {
            "" when ParseBoolean(value) is null => $"strconv.ParseBool: parsing {GoFormat.Quote(value)}: invalid syntax",
            "int" when !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) =>
                $"strconv.ParseInt: parsing {GoFormat.Quote(value)}: invalid syntax",
            "filter" when !value.Contains('=') => "bad format of filter (expected name=value)",
            "bytes" when value != "-1" && !DockerSize.TryParse(value, out _) => $"invalid size: '{value}'",
            _ => null,
        };
        if (problem is not null)
            throw Usage($"invalid argument {GoFormat.Quote(value)} for {GoFormat.Quote(flag.ToString())} flag: {problem}");
        if (!_values.TryGetValue(flag.Name, out List<string>? values))
            _values.Add(flag.Name, values = []);
        values.Add(value);
    }

    private CommandException Usage(string message) =>
        new($"{message}\nSee 'docker{(_path.Length > 0 ? " " : "")}{_path} --help'.", UsageExitCode);

    /// <summary>As strconv.ParseBool.</summary>
    private static bool? ParseBoolean(string text) => text switch
    {
        "1" or "t" or "T" or "TRUE" or "true" or "True" => true,
        "0" or "f" or "F" or "FALSE" or "false" or "False" => false,
        _ => null,
    };
}
