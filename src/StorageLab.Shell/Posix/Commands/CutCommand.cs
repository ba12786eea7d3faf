using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Posix.Commands;

/// <summary>cut -f and cut -c.</summary>
internal static class CutCommand
{
    private static readonly OptionSet Options = new("cut", "s", "dfc", ("delimiter", 'd'), ("fields", 'f'), ("characters", 'c'), ("only-delimited", 's'));

    public static CommandRun Cut(ImmutableArray<string> arguments)
    {
        ParsedOptions options = Options.Parse(arguments);
        string list = options.Value('f') ?? options.Value('c') ?? throw new CommandUsageException(-1, "cut: give -f FIELDS or -c CHARACTERS");
        (int First, int Last)[] ranges = [.. list.Split(',').Select(ReadRange)];
        string delimiter = options.Value('d') ?? "\t";
        if (delimiter.Length != 1)
            throw new CommandUsageException(-1, "cut: the delimiter must be one character");
        bool byFields = options.Value('f') is not null;
        return call =>
        {
            foreach (string line in call.ReadLines("cut", options.Operands, out int status))
            {
                if (!byFields)
                    call.Print(string.Concat(line.Where((_, index) => IsPicked(index + 1))));
                else if (line.Contains(delimiter[0]))
                    call.Print(string.Join(delimiter, line.Split(delimiter[0]).Where((_, index) => IsPicked(index + 1))));
                else if (!options.Has('s'))
                    call.Print(line);
                if (status != 0)
                    return status;
            }

            return 0;
        };

        bool IsPicked(int position) => Array.Exists(ranges, range => position >= range.First && position <= range.Last);
    }

    private static (int First, int Last) ReadRange(string text)
    {
        string[] ends = text.Split('-');
        if (ends.Length > 2 || text == "-" || !Array.TrueForAll(ends, end => end.Length == 0 || Parse(end) > 0))
            throw new CommandUsageException(-1, $"cut: '{text}' is no position; N, N-M, N- and -M are");
        int first = ends[0].Length == 0 ? 1 : Parse(ends[0]);
        return (first, ends.Length == 1 ? first : ends[1].Length == 0 ? int.MaxValue : Parse(ends[1]));
    }

    private static int Parse(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
