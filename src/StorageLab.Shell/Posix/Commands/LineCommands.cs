using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Posix.Commands;

/// <summary>Small commands on lines: cat, head, tail, tac, uniq, wc, tee, seq.</summary>
internal static class LineCommands
{
    private static readonly OptionSet CatOptions = new("cat", "n");
    private static readonly OptionSet HeadOptions = new("head", "q", "nc", ("lines", 'n'), ("bytes", 'c'));
    private static readonly OptionSet TailOptions = new("tail", "q", "n", ("lines", 'n'));
    private static readonly OptionSet UniqOptions = new("uniq", "cdui", "", ("count", 'c'), ("repeated", 'd'), ("unique", 'u'), ("ignore-case", 'i'));
    private static readonly OptionSet WcOptions = new("wc", "lwcm", "", ("lines", 'l'), ("words", 'w'), ("bytes", 'c'), ("chars", 'm'));
    private static readonly OptionSet TacOptions = new("tac", "");
    private static readonly OptionSet TeeOptions = new("tee", "a", "", ("append", 'a'));

    public static CommandRun Cat(ImmutableArray<string> arguments)
    {
        ParsedOptions options = CatOptions.Parse(arguments);
        return call =>
        {
            var status = 0;
            foreach (string file in options.Operands.IsEmpty ? ["-"] : options.Operands)
            {
                // Without line numbers the text goes through as it is, a missing last line end included.
                if (!options.Has('n') && call.ReadText("cat", file) is { } text)
                    call.Streams.Output.Write(text);
                else if (!options.Has('n'))
                    status = 1;
            }

            if (!options.Has('n'))
                return status;
            var number = 0;
            foreach (string line in call.ReadLines("cat", options.Operands, out status))
                call.Print($"{++number,6}\t{line}");
            return status;
        };
    }

    public static CommandRun Head(ImmutableArray<string> arguments)
    {
        ParsedOptions options = HeadOptions.Parse(WithOldCount(arguments));
        int count = Number("head", options.Value('c') ?? options.Value('n') ?? "10");
        return call =>
        {
            if (options.Has('c'))
            {
                string text = string.Concat(call.ReadLines("head", options.Operands, out int found).Select(line => line + "\n"));
                call.Streams.Output.Write(text.AsSpan(0, Math.Min(text.Length, Math.Max(0, count))));
                return found;
            }

            List<string> lines = call.ReadLines("head", options.Operands, out int status);
            foreach (string line in lines.Take(count >= 0 ? count : Math.Max(0, lines.Count + count)))
                call.Print(line);
            return status;
        };
    }

    public static CommandRun Tail(ImmutableArray<string> arguments)
    {
        ParsedOptions options = TailOptions.Parse(WithOldCount(arguments));
        string text = options.Value('n') ?? "10";
        int count = Math.Abs(Number("tail", text));
        return call =>
        {
            List<string> lines = call.ReadLines("tail", options.Operands, out int status);
            foreach (string line in text.StartsWith('+') ? lines.Skip(Math.Max(0, count - 1)) : lines.TakeLast(count))
                call.Print(line);
            return status;
        };
    }

    public static CommandRun Tac(ImmutableArray<string> arguments)
    {
        ParsedOptions options = TacOptions.Parse(arguments);
        return call =>
        {
            List<string> lines = call.ReadLines("tac", options.Operands, out int status);
            for (int index = lines.Count - 1; index >= 0; index--)
                call.Print(lines[index]);
            return status;
        };
    }

    public static CommandRun Uniq(ImmutableArray<string> arguments)
    {
        ParsedOptions options = UniqOptions.Parse(arguments);
        StringComparison comparison = options.Has('i') ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return call =>
        {
            List<string> lines = call.ReadLines("uniq", options.Operands, out int status);
            for (var start = 0; start < lines.Count;)
            {
                int end = start + 1;
                while (end < lines.Count && string.Equals(lines[end], lines[start], comparison))
                    end++;
                int count = end - start;
                if (!(options.Has('d') && count == 1) && !(options.Has('u') && count > 1))
                    call.Print(options.Has('c') ? $"{count,7} {lines[start]}" : lines[start]);
                start = end;
            }

            return status;
        };
    }

    public static CommandRun Wc(ImmutableArray<string> arguments)
    {
        ParsedOptions options = WcOptions.Parse(arguments);
        string wanted = options.Options.IsEmpty ? "lwc" : string.Concat("lwmc".Where(options.Has));
        return call =>
        {
            var status = 0;
            List<(string File, string Text)> inputs = [];
            foreach (string file in options.Operands.IsEmpty ? ["-"] : options.Operands)
            {
                if (call.ReadText("wc", file) is { } text)
                    inputs.Add((file, text));
                else
                    status = 1;
            }

            // GNU wc pads to the digits of all files' size, to 7 where the input is a pipe, and a number alone not at all.
            int width = wanted.Length == 1 && inputs.Count == 1 ? 1
                : inputs.Exists(input => input.File == "-") ? 7
                : Text(inputs.Sum(input => (long)Encoding.UTF8.GetByteCount(input.Text))).Length;
            foreach ((string file, string text) in inputs)
            {
                IEnumerable<long> counts = wanted.Select(letter => letter switch
                {
                    'l' => text.Count(c => c == '\n'),
                    'w' => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).LongLength,
                    'm' => text.EnumerateRunes().LongCount(),
                    _ => Encoding.UTF8.GetByteCount(text),
                });
                string numbers = string.Join(' ', counts.Select(count => Text(count).PadLeft(width)));
                call.Print(file == "-" ? numbers : $"{numbers} {file}");
            }

            return status;
        };

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    public static CommandRun Tee(ImmutableArray<string> arguments)
    {
        ParsedOptions options = TeeOptions.Parse(arguments);
        return call =>
        {
            string text = call.Streams.Input.ReadToEnd();
            call.Streams.Output.Write(text);
            var status = 0;
            foreach (string file in options.Operands)
            {
                string path = call.State.Resolve(file);
                if ((options.Has('a') ? call.State.Files.Append(path, text) : call.State.Files.Write(path, text)) is { } error)
                {
                    call.Complain($"tee: {file}: {error}");
                    status = 1;
                }
            }

            return status;
        };
    }

    public static CommandRun Seq(ImmutableArray<string> arguments)
    {
        int[] numbers = [.. arguments.Select(argument => Number("seq", argument))];
        (int first, int step, int last) = numbers switch
        {
            [var to] => (1, 1, to),
            [var from, var to] => (from, 1, to),
            [var from, var by, var to] when by != 0 => (from, by, to),
            _ => throw new CommandUsageException(-1, "seq: give LAST, FIRST LAST or FIRST STEP LAST"),
        };
        return call =>
        {
            for (long number = first; step > 0 ? number <= last : number >= last; number += step)
                call.Print(number.ToString(CultureInfo.InvariantCulture));
            return 0;
        };
    }

    /// <summary><c>-5</c> for <c>-n 5</c>, as head and tail still take it.</summary>
    private static ImmutableArray<string> WithOldCount(ImmutableArray<string> arguments) =>
        arguments is [['-', var digit, ..], ..] && char.IsAsciiDigit(digit) ? ["-n", arguments[0][1..], .. arguments[1..]] : arguments;

    private static int Number(string command, string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
        ? number
        : throw new CommandUsageException(-1, $"{command}: '{text}' is no whole number");
}
