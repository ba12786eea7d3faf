using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Posix.Commands;

/// <summary>sed with the commands s, d and p behind an address: a line number, <c>$</c>, a range of numbers or a pattern.</summary>
internal static partial class SedCommand
{
    private static readonly OptionSet Options = new("sed", "nEri", "e", ("quiet", 'n'), ("silent", 'n'), ("regexp-extended", 'E'), ("in-place", 'i'), ("expression", 'e'));

    public static CommandRun Sed(ImmutableArray<string> arguments)
    {
        ParsedOptions options = Options.Parse(arguments);
        string[] scripts = [.. options.Options.Where(option => option.Letter == 'e').Select(option => option.Value)];
        ImmutableArray<string> files = options.Operands;
        if (scripts.Length == 0)
        {
            if (files.IsEmpty)
                throw new CommandUsageException(-1, "sed: a script has to follow");
            scripts = [files[0]];
            files = files[1..];
        }

        bool isExtended = options.Has('E') || options.Has('r');
        Edit[] edits = [.. scripts.SelectMany(script => ReadScript(script, isExtended))];
        return call =>
        {
            if (!options.Has('i'))
                return Run(call, edits, files, options.Has('n'), call.Streams.Output);
            var status = 0;
            foreach (string file in files)
            {
                CapturedOutput output = new();
                int edited = Run(call, edits, [file], options.Has('n'), output);
                if (edited == 0)
                    _ = call.State.Files.Write(call.State.Resolve(file), output.ToString());
                status = edited == 0 ? status : 2;
            }

            return status;
        };
    }

    private static int Run(CommandCall call, Edit[] edits, ImmutableArray<string> files, bool isQuiet, TextWriter output)
    {
        List<string> lines = call.ReadLines("sed", files, out int status);
        for (var index = 0; index < lines.Count; index++)
        {
            string? line = lines[index];
            foreach (Edit edit in edits)
            {
                if (!edit.AppliesTo(line, index + 1, index + 1 == lines.Count))
                    continue;
                line = edit.Command == 'd' ? null : edit.Command == 's' ? edit.Substitute(line) : line;
                if (line is null)
                    break;
                if (edit.Command == 'p')
                    output.Write(line + "\n");
            }

            if (line is not null && !isQuiet)
                output.Write(line + "\n");
        }

        return status == 0 ? 0 : 2;
    }

    /// <summary>Commands of a script, one behind another with semicolons between.</summary>
    private static IEnumerable<Edit> ReadScript(string script, bool isExtended)
    {
        string rest = script.Trim(' ', ';', '\n');
        while (rest.Length > 0)
        {
            Match address = Address().Match(rest);
            string pattern = address.Groups["pattern"].Value;
            char command = address.Length < rest.Length ? rest[address.Length] : ' ';
            int end = address.Length + 1;
            Regex? regex = null;
            var replacement = "";
            var isGlobal = false;
            if (command == 's')
            {
                string[] parts = ReadSubstitution(rest, ref end);
                (replacement, isGlobal) = (parts[1], parts[2].Contains('g'));
                regex = Compile(parts[0], isExtended, parts[2].Contains('I') || parts[2].Contains('i'), script);
            }
            else if (command is not ('d' or 'p'))
            {
                throw new CommandUsageException(-1, $"sed: '{rest}' is not supported; s/…/…/, d and p behind a line number or a /pattern/ are");
            }

            Regex? where = pattern.Length > 0 ? Compile(pattern, isExtended, ignoresCase: false, script) : null;
            yield return new Edit(command, Number(address, "first"), Number(address, "last"), where, address.Groups["not"].Success, regex, replacement, isGlobal);
            rest = rest[end..].TrimStart();
            if (rest.Length > 0 && rest[0] is not (';' or '\n'))
                throw new CommandUsageException(-1, $"sed: '{rest}' is not supported");
            rest = rest.TrimStart(' ', ';', '\n');
        }
    }

    /// <summary>Pattern, replacement and flags of <c>s/…/…/…</c> with any delimiter.</summary>
    private static string[] ReadSubstitution(string text, ref int index)
    {
        char delimiter = index < text.Length ? text[index] : ' ';
        var parts = new string[3];
        index++;
        for (var part = 0; part < 2; part++)
        {
            StringBuilder piece = new();
            for (; index < text.Length && text[index] != delimiter; index++)
            {
                if (text[index] == '\\' && index + 1 < text.Length && text[index + 1] == delimiter)
                    index++;
                else if (text[index] == '\\' && index + 1 < text.Length)
                    piece.Append(text[index++]);
                piece.Append(text[index]);
            }

            if (index >= text.Length)
                throw new CommandUsageException(-1, $"sed: '{text}' does not end; write s{delimiter}PATTERN{delimiter}TEXT{delimiter}");
            parts[part] = piece.ToString();
            index++;
        }

        int flags = index;
        while (index < text.Length && text[index] is 'g' or 'i' or 'I')
            index++;
        parts[2] = text[flags..index];
        return parts;
    }

    private static Regex Compile(string pattern, bool isExtended, bool ignoresCase, string script)
    {
        try
        {
            return RegexTranslator.Translate(pattern, isExtended, ignoresCase);
        }
        catch (ArgumentException e)
        {
            throw new CommandUsageException(-1, $"sed: in '{script}' {e.Message}");
        }
    }

    /// <summary>A line number of an address: 0 where there is none, the largest number for <c>$</c>.</summary>
    private static int Number(Match address, string group) => address.Groups[group].Value switch
    {
        "" => 0,
        "$" => int.MaxValue,
        var text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : int.MaxValue - 1,
    };

    [GeneratedRegex(@"^(?:(?<first>\d+|\$)(?:,(?<last>\d+|\$))?|/(?<pattern>(?:[^/\\]|\\.)+)/)? *(?<not>!)? *", RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    private sealed record Edit(char Command, int First, int Last, Regex? Where, bool IsNegated, Regex? Pattern, string Replacement, bool IsGlobal)
    {
        public bool AppliesTo(string line, int number, bool isLast)
        {
            int first = First == int.MaxValue && isLast ? number : First;
            bool applies = Where is not null ? Where.IsMatch(line)
                : First == 0 || (Last == 0 ? number == first : number >= first && number <= Last);
            return applies != IsNegated;
        }

        public string Substitute(string line) => Pattern!.Replace(line, Expand, IsGlobal ? -1 : 1);

        /// <summary>&amp; is the whole match and \1 … \9 its groups.</summary>
        private string Expand(Match match)
        {
            StringBuilder result = new();
            for (var index = 0; index < Replacement.Length; index++)
            {
                char c = Replacement[index];
                if (c == '&')
                    result.Append(match.Value);
                else if (c != '\\' || index + 1 == Replacement.Length)
                    result.Append(c);
                else if (char.IsAsciiDigit(Replacement[++index]))
                    result.Append(match.Groups[Replacement[index] - '0'].Value);
                else
                    result.Append(Replacement[index] == 'n' ? "\n" : Replacement[index].ToString());
            }

            return result.ToString();
        }
    }
}
