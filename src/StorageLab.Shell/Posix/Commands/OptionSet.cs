using System.Collections.Immutable;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Posix.Commands;

/// <summary>The options a command takes here, in the way getopt reads them.</summary>
/// <param name="command">The command's name.</param>
/// <param name="flags">Letters of options without a value.</param>
/// <param name="valued">Letters of options with a value, in the same word or the next.</param>
/// <param name="longNames">Long options and the letter each stands for.</param>
internal sealed class OptionSet(string command, string flags, string valued = "", params (string Name, char Letter)[] longNames)
{
    /// <summary>Reads options up to the first operand, to <c>--</c>, or with <paramref name="permutes"/> also between operands, as GNU does.</summary>
    /// <exception cref="CommandUsageException">One is not supported.</exception>
    public ParsedOptions Parse(ImmutableArray<string> arguments, bool permutes = true)
    {
        List<(char Letter, string Value)> options = [];
        List<string> operands = [];
        var index = 0;
        for (; index < arguments.Length; index++)
        {
            string argument = arguments[index];
            if (argument == "--")
            {
                index++;
                break;
            }

            if (argument.StartsWith("--", StringComparison.Ordinal))
            {
                options.Add(ReadLong(arguments, ref index));
            }
            else if (argument.Length > 1 && argument[0] == '-')
            {
                ReadShort(arguments, ref index, options);
            }
            else
            {
                operands.Add(argument);
                if (permutes)
                    continue;
                index++;
                break;
            }
        }

        return new ParsedOptions([.. options], [.. operands, .. arguments[index..]]);
    }

    private void ReadShort(ImmutableArray<string> arguments, ref int index, List<(char Letter, string Value)> options)
    {
        string argument = arguments[index];
        for (var at = 1; at < argument.Length; at++)
        {
            char letter = argument[at];
            if (flags.Contains(letter))
            {
                options.Add((letter, ""));
                continue;
            }

            if (!valued.Contains(letter))
                throw Unknown(index, "-" + letter);
            string rest = argument[(at + 1)..];
            options.Add((letter, rest.Length > 0 ? rest : ValueBehind(arguments, ref index, "-" + letter)));
            return;
        }
    }

    private (char Letter, string Value) ReadLong(ImmutableArray<string> arguments, ref int index)
    {
        string[] halves = arguments[index][2..].Split('=', 2);
        char letter = longNames.FirstOrDefault(option => option.Name == halves[0]).Letter;
        if (letter == default)
            throw Unknown(index, "--" + halves[0]);
        if (flags.Contains(letter))
            return halves.Length == 1 ? (letter, "") : throw new CommandUsageException(index, $"{command}: --{halves[0]} takes no value");
        return (letter, halves.Length == 2 ? halves[1] : ValueBehind(arguments, ref index, "--" + halves[0]));
    }

    private string ValueBehind(ImmutableArray<string> arguments, ref int index, string option) => index + 1 < arguments.Length
        ? arguments[++index]
        : throw new CommandUsageException(index, $"{command}: a value has to follow {option}");

    private CommandUsageException Unknown(int index, string option)
    {
        string[] known = [.. (flags + valued).Select(letter => "-" + letter)];
        string support = known.Length switch
        {
            0 => "it takes no options here",
            1 => $"only {known[0]} is",
            _ => $"{string.Join(", ", known)} are",
        };
        return new CommandUsageException(index, $"{command}: {option} is not supported; {support}");
    }
}
