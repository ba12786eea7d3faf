using System.Collections.Immutable;
using System.Text;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Posix.Commands;

/// <summary>xargs: turns its input into arguments.</summary>
internal static class XargsCommand
{
    /// <summary>Exit status when a command that it ran failed (POSIX.1-2017, xargs).</summary>
    private const int SomeFailed = 123;

    private static readonly OptionSet Options = new(
        "xargs", "rt0", "nILd", ("no-run-if-empty", 'r'), ("max-args", 'n'), ("replace", 'I'), ("max-lines", 'L'), ("verbose", 't'), ("null", '0'), ("delimiter", 'd'));

    public static CommandRun Prepare(CommandTable commands, ImmutableArray<string> arguments)
    {
        ParsedOptions options = Options.Parse(arguments, permutes: false);
        ImmutableArray<string> command = options.Operands.IsEmpty ? ["echo"] : options.Operands;
        int countMax = options.Count("xargs", 'n') ?? options.Count("xargs", 'L') ?? int.MaxValue;
        if (countMax == 0)
            throw new CommandUsageException(-1, "xargs: at least 1 has to follow -n");
        string? placeholder = options.Value('I');
        if (!commands.Knows(command[0]))
            _ = commands.Prepare(command[0], []);
        return call =>
        {
            string text = call.Streams.Input.ReadToEnd();
            ImmutableArray<string> items = options.Has('0') ? SplitAt(text, '\0')
                : options.Value('d') is { } delimiter ? SplitAt(text, Escapes.Unescape(delimiter) is [var c, ..] ? c : '\n')
                : placeholder is not null || options.Value('L') is not null ? [.. SplitAt(text, '\n').Select(line => line.Trim()).Where(line => line.Length > 0)]
                : SplitWords(text);
            ShellStreams streams = call.Streams with { Input = TextReader.Null };
            var status = 0;
            foreach (ImmutableArray<string> words in Calls(command, items, placeholder, countMax, options))
            {
                if (options.Has('t'))
                    call.Complain(string.Join(' ', words));
                if (call.RunOther(words, streams) != 0)
                    status = SomeFailed;
            }

            return status;
        };
    }

    private static IEnumerable<ImmutableArray<string>> Calls(
        ImmutableArray<string> command, ImmutableArray<string> items, string? placeholder, int countMax, ParsedOptions options)
    {
        if (placeholder is not null)
        {
            foreach (string item in items)
                yield return [.. command.Select(word => word.Replace(placeholder, item, StringComparison.Ordinal))];
        }
        else if (items.IsEmpty)
        {
            // Without -r GNU xargs runs its command once even for nothing.
            if (!options.Has('r'))
                yield return command;
        }
        else if (options.Value('L') is not null)
        {
            foreach (string[] lines in items.Chunk(countMax))
                yield return [.. command, .. lines.SelectMany(line => SplitWords(line))];
        }
        else
        {
            foreach (string[] chunk in items.Chunk(Math.Min(countMax, items.Length)))
                yield return [.. command, .. chunk];
        }
    }

    private static ImmutableArray<string> SplitAt(string text, char separator)
    {
        string[] parts = text.Split(separator);
        return parts[^1].Length == 0 ? [.. parts[..^1]] : [.. parts];
    }

    /// <summary>Words apart by blanks and line ends, with quotes and backslashes as xargs reads them.</summary>
    private static ImmutableArray<string> SplitWords(string text)
    {
        ImmutableArray<string>.Builder words = ImmutableArray.CreateBuilder<string>();
        StringBuilder word = new();
        var exists = false;
        for (var index = 0; index < text.Length; index++)
        {
            char c = text[index];
            if (c is '\'' or '"')
            {
                int end = text.IndexOf(c, index + 1);
                end = end < 0 ? text.Length : end;
                word.Append(text.AsSpan((index + 1)..end));
                (index, exists) = (end, true);
            }
            else if (char.IsWhiteSpace(c))
            {
                if (exists)
                    words.Add(word.ToString());
                word.Clear();
                exists = false;
            }
            else
            {
                word.Append(c == '\\' && index + 1 < text.Length ? text[++index] : c);
                exists = true;
            }
        }

        if (exists)
            words.Add(word.ToString());
        return words.ToImmutable();
    }
}
