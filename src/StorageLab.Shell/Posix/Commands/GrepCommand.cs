using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Posix.Commands;

/// <summary>grep, egrep and fgrep.</summary>
internal static class GrepCommand
{
    private static readonly OptionSet Options = new(
        "grep", "viqcEFGonwxhs", "emABC",
        ("invert-match", 'v'), ("ignore-case", 'i'), ("quiet", 'q'), ("silent", 'q'), ("count", 'c'), ("extended-regexp", 'E'), ("fixed-strings", 'F'),
        ("only-matching", 'o'), ("line-number", 'n'), ("word-regexp", 'w'), ("line-regexp", 'x'), ("regexp", 'e'), ("max-count", 'm'),
        ("after-context", 'A'), ("before-context", 'B'), ("context", 'C'));

    public static CommandRun Grep(ImmutableArray<string> arguments) => Prepare(arguments, isExtended: false, isFixed: false);

    public static CommandRun EGrep(ImmutableArray<string> arguments) => Prepare(arguments, isExtended: true, isFixed: false);

    public static CommandRun FGrep(ImmutableArray<string> arguments) => Prepare(arguments, isExtended: false, isFixed: true);

    private static CommandRun Prepare(ImmutableArray<string> arguments, bool isExtended, bool isFixed)
    {
        ParsedOptions options = Options.Parse(arguments);
        string[] patterns = [.. options.Options.Where(option => option.Letter == 'e').Select(option => option.Value)];
        ImmutableArray<string> files = options.Operands;
        if (patterns.Length == 0)
        {
            if (files.IsEmpty)
                throw new CommandUsageException(-1, "grep: a pattern has to follow");
            patterns = [files[0]];
            files = files[1..];
        }

        Regex[] regexes = [.. patterns.SelectMany(pattern => pattern.Split('\n')).Select(pattern =>
            Compile(pattern, isExtended || options.Has('E'), isFixed || options.Has('F'), options))];
        int countMax = options.Count("grep", 'm') ?? int.MaxValue;
        return call => Run(call, options, regexes, files, countMax);
    }

    private static Regex Compile(string pattern, bool isExtended, bool isFixed, ParsedOptions options)
    {
        try
        {
            Regex regex = isFixed
                ? RegexTranslator.Translate(Regex.Replace(pattern, @"[.*^$\[\]\\(){}|+?]", @"\$0"), isExtended: true, options.Has('i'))
                : RegexTranslator.Translate(pattern, isExtended, options.Has('i'));
            string? around = options.Has('x') ? "^(?:{0})$" : options.Has('w') ? @"\b(?:{0})\b" : null;
            return around is null ? regex : new Regex(string.Format(CultureInfo.InvariantCulture, around, regex), regex.Options);
        }
        catch (ArgumentException e)
        {
            throw new CommandUsageException(-1, "grep: " + e.Message);
        }
    }

    private static int Run(CommandCall call, ParsedOptions options, Regex[] regexes, ImmutableArray<string> files, int countMax)
    {
        var found = false;
        var isBroken = false;
        foreach (string file in files.IsEmpty ? ["-"] : files)
        {
            string prefix = files.Length > 1 && !options.Has('h') ? file + ":" : "";
            List<string> lines = call.ReadLines("grep", [file], out int readStatus);
            isBroken |= readStatus != 0;
            int before = options.Count("grep", 'B') ?? options.Count("grep", 'C') ?? 0;
            int after = options.Count("grep", 'A') ?? options.Count("grep", 'C') ?? 0;
            var count = 0;
            int shown = -1;
            int shownUntil = -1;
            for (var index = 0; index < lines.Count && count < countMax; index++)
            {
                string line = lines[index];
                if (regexes.Any(regex => regex.IsMatch(line)) == options.Has('v'))
                {
                    if (index <= shownUntil)
                        PrintAround(call, options, file, files.Length, lines, shown = index);
                    continue;
                }

                count++;
                if (options.Has('q'))
                    return 0;
                if (options.Has('c'))
                    continue;
                if (before + after > 0 && shown >= 0 && index - before > shown + 1)
                    call.Print("--");
                for (int around = Math.Max(shown + 1, index - before); around < index; around++)
                    PrintAround(call, options, file, files.Length, lines, around);
                (shown, shownUntil) = (index, index + after);
                Print(call, options, regexes, prefix + (options.Has('n') ? $"{index + 1}:" : ""), line);
            }

            for (int around = shown + 1; around <= Math.Min(shownUntil, lines.Count - 1); around++)
                PrintAround(call, options, file, files.Length, lines, around);

            if (options.Has('c'))
                call.Print($"{prefix}{count}");
            found |= count > 0;
        }

        return isBroken ? 2 : found ? 0 : 1;
    }

    /// <summary>A line beside one that matches; dashes take the place of colons.</summary>
    private static void PrintAround(CommandCall call, ParsedOptions options, string file, int fileCount, List<string> lines, int index)
    {
        if (options.Has('c') || options.Has('q') || options.Has('o'))
            return;
        call.Print((fileCount > 1 && !options.Has('h') ? file + "-" : "") + (options.Has('n') ? $"{index + 1}-" : "") + lines[index]);
    }

    private static void Print(CommandCall call, ParsedOptions options, Regex[] regexes, string prefix, string line)
    {
        if (!options.Has('o'))
        {
            call.Print(prefix + line);
            return;
        }

        if (options.Has('v'))
            return;
        foreach (Match match in regexes.SelectMany(regex => regex.Matches(line)).Where(match => match.Length > 0).OrderBy(match => match.Index))
            call.Print(prefix + match.Value);
    }
}
