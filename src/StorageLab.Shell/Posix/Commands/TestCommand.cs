using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Posix.Commands;

/// <summary>test and [.</summary>
/// <remarks>Source: POSIX.1-2017, test; with at most four arguments, and -a, -o as GNU joins them, left to right.</remarks>
internal static class TestCommand
{
    public static CommandRun Bracket(ImmutableArray<string> arguments) => arguments is [.., "]"]
        ? Test(arguments[..^1])
        : throw new CommandUsageException(-1, "[: a ] has to end the condition");

    public static CommandRun Test(ImmutableArray<string> arguments)
    {
        // Conditions joined by -o, each a list joined by -a.
        ImmutableArray<Func<CommandCall, bool>> alternatives = [.. Split(arguments, "-o").Select(all =>
        {
            ImmutableArray<Func<CommandCall, bool>> parts = [.. Split(all, "-a").Select(Single)];
            return (Func<CommandCall, bool>)(call => parts.All(part => part(call)));
        })];
        return call =>
        {
            try
            {
                return alternatives.Any(alternative => alternative(call)) ? 0 : 1;
            }
            catch (FormatException e)
            {
                call.Complain($"test: {e.Message}");
                return 2;
            }
        };
    }

    private static Func<CommandCall, bool> Single(ImmutableArray<string> words)
    {
        switch (words)
        {
            case []:
                return _ => false;
            case [var text]:
                return _ => text.Length > 0;
            case ["!", .. var rest]:
                Func<CommandCall, bool> inner = Single(rest);
                return call => !inner(call);
            case ["-n", var text]:
                return _ => text.Length > 0;
            case ["-z", var text]:
                return _ => text.Length == 0;
            case ["-f", var file]:
                return call => call.State.Files.TryRead(call.State.Resolve(file), out _);
            case ["-d", var file]:
                return call => call.State.Files.IsDirectory(call.State.Resolve(file));
            case ["-e", var file]:
                return call => call.State.Files.TryRead(call.State.Resolve(file), out _) || call.State.Files.IsDirectory(call.State.Resolve(file));
            case ["-s", var file]:
                return call => call.State.Files.TryRead(call.State.Resolve(file), out string text) && text.Length > 0;
            case [var left, "=" or "==", var right]:
                return _ => left == right;
            case [var left, "!=", var right]:
                return _ => left != right;
            case [var left, "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge", var right]:
                return _ => Compare(Number(left), words[1], Number(right));
            default:
                throw new CommandUsageException(-1, $"test: '{string.Join(' ', words)}' is not supported; -n, -z, -e, -f, -d, -s, =, !=, -eq, -ne, -lt, -le, -gt, -ge, -a, -o and ! are");
        }
    }

    private static bool Compare(long left, string @operator, long right) => @operator switch
    {
        "-eq" => left == right,
        "-ne" => left != right,
        "-lt" => left < right,
        "-le" => left <= right,
        "-gt" => left > right,
        _ => left >= right,
    };

    private static long Number(string text) => long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
        ? number
        : throw new FormatException($"{text}: integer expression expected");

    private static IEnumerable<ImmutableArray<string>> Split(ImmutableArray<string> words, string joint)
    {
        // In a condition of three words or fewer the middle one is an operator, whatever stands around it.
        var start = 0;
        for (var index = 1; words.Length > 3 && index < words.Length - 1; index++)
        {
            if (words[index] != joint)
                continue;
            yield return words[start..index];
            start = index + 1;
        }

        yield return words[start..];
    }
}
