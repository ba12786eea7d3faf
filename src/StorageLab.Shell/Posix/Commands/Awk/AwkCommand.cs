using System.Collections.Immutable;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Posix.Commands.Awk;

/// <summary>awk, see <see cref="AwkParser"/> for how much of it.</summary>
internal static class AwkCommand
{
    private static readonly OptionSet Options = new("awk", "", "Fv");

    public static CommandRun Awk(ImmutableArray<string> arguments)
    {
        ParsedOptions options = Options.Parse(arguments, permutes: false);
        if (options.Operands.IsEmpty)
            throw new CommandUsageException(-1, "awk: a program has to follow");
        string separator = Escapes.Unescape(options.Value('F') ?? " ");
        string[][] variables = [.. options.Options.Where(option => option.Letter == 'v').Select(option => option.Value.Split('=', 2))];
        if (Array.Exists(variables, variable => variable.Length != 2))
            throw new CommandUsageException(-1, "awk: NAME=VALUE has to follow -v");
        ImmutableArray<AwkRule> rules;
        try
        {
            rules = AwkParser.Parse(options.Operands[0]);
            if (separator.Length > 1)
                _ = RegexTranslator.Translate(separator, isExtended: true, ignoresCase: false);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new CommandUsageException(arguments.IndexOf(options.Operands[0]), "awk: " + e.Message);
        }

        return call =>
        {
            AwkRecord record = new(separator, call.Streams.Output);
            foreach (string[] variable in variables)
                record.Set(variable[0], AwkValue.OfInput(Escapes.Unescape(variable[1])));
            Run(rules, AwkMoment.Begin, record);
            // A program with nothing but BEGIN reads no input.
            if (rules.All(rule => rule.When == AwkMoment.Begin))
                return 0;
            foreach (string line in call.ReadLines("awk", options.Operands[1..], out int status))
            {
                record.Read(line);
                Run(rules, AwkMoment.Line, record);
                if (status != 0)
                    return 2;
            }

            Run(rules, AwkMoment.End, record);
            return 0;
        };
    }

    private static void Run(ImmutableArray<AwkRule> rules, AwkMoment moment, AwkRecord record)
    {
        foreach (AwkRule rule in rules)
        {
            if (rule.When != moment || rule.Pattern?.Invoke(record).IsTrue == false)
                continue;
            foreach (Action<AwkRecord> statement in rule.Statements)
                statement(record);
        }
    }
}
