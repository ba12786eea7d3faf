using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Posix.Commands;

/// <summary>sort, in the order of bytes (LC_ALL=C).</summary>
/// <remarks>Source: POSIX.1-2017, sort; -h as GNU's, by suffix first and number second.</remarks>
internal static class SortCommand
{
    private static readonly OptionSet Options = new(
        "sort", "rnuhbfs", "kt",
        ("reverse", 'r'), ("numeric-sort", 'n'), ("unique", 'u'), ("human-numeric-sort", 'h'), ("key", 'k'), ("field-separator", 't'), ("stable", 's'),
        ("ignore-leading-blanks", 'b'), ("ignore-case", 'f'));

    public static CommandRun Sort(ImmutableArray<string> arguments)
    {
        ParsedOptions options = Options.Parse(arguments);
        if (options.Value('t') is { Length: not 1 })
            throw new CommandUsageException(-1, "sort: one character has to follow -t");
        char? separator = options.Value('t')?[0];
        string general = string.Concat("rnhbf".Where(options.Has));
        Key[] keys = [.. options.Options.Where(option => option.Letter == 'k').Select(option => Key.Parse(option.Value, general, separator))];
        if (keys.Length == 0)
            keys = [new Key(1, int.MaxValue, general, separator)];
        return call =>
        {
            List<string> lines = call.ReadLines("sort", options.Operands, out int status);
            IEnumerable<string> sorted = lines.Order(Comparer<string>.Create(Compare));
            if (options.Has('u'))
                sorted = FirstOfEquals(sorted);
            foreach (string line in sorted)
                call.Print(line);
            return status == 0 ? 0 : 2;
        };

        int CompareKeys(string left, string right) => keys.Select(key => key.Compare(left, right)).FirstOrDefault(order => order != 0);

        int Compare(string left, string right)
        {
            int order = CompareKeys(left, right);
            // Where the keys do not decide, the whole line does.
            if (order != 0 || options.Has('s') || options.Has('u'))
                return order;
            order = string.CompareOrdinal(left, right);
            return options.Has('r') ? -order : order;
        }

        IEnumerable<string> FirstOfEquals(IEnumerable<string> sorted)
        {
            string? last = null;
            foreach (string line in sorted)
            {
                if (last is not null && CompareKeys(last, line) == 0)
                    continue;
                last = line;
                yield return line;
            }
        }
    }

    /// <summary>Fields of a line that are compared.</summary>
    /// <param name="First">From 1.</param>
    /// <param name="Last">Inclusive.</param>
    /// <param name="Ordering">Letters of r, n, h, b, f.</param>
    private sealed record Key(int First, int Last, string Ordering, char? Separator)
    {
        public static Key Parse(string text, string general, char? separator)
        {
            string ordering = string.Concat(text.Where(char.IsAsciiLetter));
            string[] ends = string.Concat(text.Where(c => !char.IsAsciiLetter(c))).Split(',');
            var last = int.MaxValue;
            if (ends.Length > 2 || ordering.Any(letter => !"rnhbf".Contains(letter))
                || !int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first) || first == 0
                || (ends.Length == 2 && !int.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out last)))
                throw new CommandUsageException(-1, $"sort: the key '{text}' is not supported; -k FIRST[,LAST] with r, n, h, b or f is");
            return new Key(first, last, ordering.Length > 0 ? ordering : general, separator);
        }

        public int Compare(string left, string right)
        {
            string a = Of(left), b = Of(right);
            int order = Ordering.Contains('h') ? ByHumanNumber(a, b)
                : Ordering.Contains('n') ? NumberOf(a).CompareTo(NumberOf(b))
                : Ordering.Contains('f') ? string.CompareOrdinal(a.ToUpperInvariant(), b.ToUpperInvariant())
                : string.CompareOrdinal(a, b);
            return Ordering.Contains('r') ? -order : order;
        }

        private string Of(string line)
        {
            int start = line.Length, end = line.Length, field = 1;
            for (var index = 0; index < line.Length && field <= Last; field++)
            {
                if (field == First)
                    start = index;
                int fieldEnd = EndOfField(line, index);
                if (field == Last)
                    end = fieldEnd;
                index = fieldEnd + (Separator is null ? 0 : 1);
            }

            string key = line[Math.Min(start, end)..end];
            return Ordering.AsSpan().IndexOfAny("bnh") >= 0 ? key.TrimStart() : key;
        }

        /// <summary>Without a separator the blanks before a field belong to it.</summary>
        private int EndOfField(string line, int index) => Separator is { } separator
            ? (line.IndexOf(separator, index) is var at and >= 0 ? at : line.Length)
            : Skip(line, Skip(line, index, char.IsWhiteSpace), c => !char.IsWhiteSpace(c));

        private static int Skip(string line, int index, Func<char, bool> test)
        {
            while (index < line.Length && test(line[index]))
                index++;
            return index;
        }

        private static double NumberOf(string text)
        {
            int end = text.StartsWith('-') ? 1 : 0;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
                end++;
            return double.TryParse(text.AsSpan(0, end), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : 0;
        }

        private static int ByHumanNumber(string left, string right)
        {
            int order = ScaleOf(left).CompareTo(ScaleOf(right));
            return order != 0 ? order : NumberOf(left).CompareTo(NumberOf(right));
        }

        /// <summary>Sign and power of the unit: GNU sort looks at the suffix alone before it looks at the number.</summary>
        private static int ScaleOf(string text)
        {
            double number = NumberOf(text);
            string unit = text.TrimStart('-').TrimStart("0123456789.".ToCharArray());
            int power = number == 0 || unit.Length == 0 ? 0 : "KMGTPEZY".IndexOf(char.ToUpperInvariant(unit[0])) + 1;
            return number < 0 ? -power : power;
        }
    }
}
