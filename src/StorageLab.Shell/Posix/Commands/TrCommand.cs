using System.Collections.Immutable;
using System.Text;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Posix.Commands;

/// <summary>tr: changes (two sets), deletes (-d) or squeezes (-s) characters.</summary>
internal static class TrCommand
{
    private static readonly OptionSet Options = new("tr", "dsc", "", ("delete", 'd'), ("squeeze-repeats", 's'), ("complement", 'c'));

    public static CommandRun Tr(ImmutableArray<string> arguments)
    {
        ParsedOptions options = Options.Parse(arguments, permutes: false);
        bool deletes = options.Has('d'), squeezes = options.Has('s'), inverts = options.Has('c');
        string[] sets = [.. options.Operands.Select(Expand)];
        if (sets.Length is 0 or > 2 || (sets.Length == 1 && !deletes && !squeezes))
            throw new CommandUsageException(-1, "tr: give two sets of characters, or -d or -s and one");
        if (sets.Length == 2 && sets[1].Length == 0)
            throw new CommandUsageException(1, "tr: the second set is empty");
        string squeezed = sets[^1];
        return call =>
        {
            StringBuilder result = new();
            foreach (char c in call.Streams.Input.ReadToEnd())
            {
                bool isIn = sets[0].Contains(c) != inverts;
                if (isIn && deletes)
                    continue;
                char now = isIn && sets.Length == 2 && !deletes ? sets[1][Math.Min(inverts ? int.MaxValue : sets[0].IndexOf(c), sets[1].Length - 1)] : c;
                bool isSqueezed = squeezes && (sets.Length == 1 ? isIn : squeezed.Contains(now));
                if (!isSqueezed || result.Length == 0 || result[^1] != now)
                    result.Append(now);
            }

            call.Streams.Output.Write(result.ToString());
            return 0;
        };
    }

    /// <summary>A set's characters: ranges, classes and backslashes written out.</summary>
    private static string Expand(string set)
    {
        set = set.Replace("[:upper:]", "A-Z", StringComparison.Ordinal).Replace("[:lower:]", "a-z", StringComparison.Ordinal)
            .Replace("[:digit:]", "0-9", StringComparison.Ordinal).Replace("[:alpha:]", "A-Za-z", StringComparison.Ordinal)
            .Replace("[:alnum:]", "A-Za-z0-9", StringComparison.Ordinal).Replace("[:space:]", @"\t\n\v\f\r ", StringComparison.Ordinal)
            .Replace("[:blank:]", @"\t ", StringComparison.Ordinal);
        StringBuilder result = new();
        string plain = Escapes.Unescape(set);
        for (var index = 0; index < plain.Length; index++)
        {
            if (index + 2 < plain.Length && plain[index + 1] == '-' && plain[index + 2] >= plain[index])
            {
                for (int c = plain[index]; c <= plain[index + 2]; c++)
                    result.Append((char)c);
                index += 2;
            }
            else
            {
                result.Append(plain[index]);
            }
        }

        return result.ToString();
    }
}
