using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace StorageLab.Shell.Docker.CommandLine;

/// <summary>A command's help, as Docker 20.10.24 printed it; it says which flags there are.</summary>
internal sealed partial class CommandHelp
{
    private static readonly ConcurrentDictionary<string, CommandHelp> Read = new(StringComparer.Ordinal);

    private readonly Dictionary<string, CommandFlag> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<char, CommandFlag> _byLetter = [];

    private CommandHelp(string text)
    {
        Text = text;
        foreach (Match match in FlagLine().Matches(text))
        {
            string letter = match.Groups["letter"].Value;
            CommandFlag flag = new(match.Groups["name"].Value, letter.Length > 0 ? letter[0] : null, match.Groups["type"].Value);
            _byName[flag.Name] = flag;
            if (flag.Shorthand is { } shorthand)
                _byLetter[shorthand] = flag;
        }
    }

    /// <summary>The whole help, from its empty first line on.</summary>
    public string Text { get; }

    /// <summary>The line that shows how the command is called.</summary>
    public string Usage => Text.Split('\n').First(line => line.StartsWith("Usage:", StringComparison.Ordinal));

    /// <summary>What a command is for, in its group's words; its own help may say more.</summary>
    public static string SummaryOf(string path)
    {
        int blank = path.LastIndexOf(' ');
        string line = $"  {path[(blank + 1)..]} ";
        string group = Of(blank < 0 ? "docker" : path[..blank]).Text;
        return group.Split('\n').FirstOrDefault(text => text.StartsWith(line, StringComparison.Ordinal))?[line.Length..].Trim() ?? Of(path).Summary;
    }

    private string Summary => Text.Split('\n').SkipWhile(line => !line.StartsWith("Usage:", StringComparison.Ordinal)).Skip(2).First();

    public CommandFlag? Find(string name) => _byName.GetValueOrDefault(name);

    public CommandFlag? Find(char letter) => _byLetter.GetValueOrDefault(letter);

    /// <param name="path">The command's words, e.g. <c>image ls</c>; <c>docker</c> for all of it.</param>
    public static CommandHelp Of(string path) => Read.GetOrAdd(path, static key =>
    {
        using Stream stream = typeof(CommandHelp).Assembly.GetManifestResourceStream($"help/{key.Replace(' ', '-')}")
            ?? throw new ArgumentException($"there is no help for '{key}'", nameof(key));
        using StreamReader reader = new(stream);
        return new CommandHelp(reader.ReadToEnd());
    });

    [GeneratedRegex(@"^ {2}(-(?<letter>\S), | {4})--(?<name>[a-z0-9-]+)( (?<type>[a-z0-9-]+))?( {3}|\n|$)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex FlagLine();
}
