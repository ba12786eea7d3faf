using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Posix.Commands;

/// <summary>A command's options and operands, in the order they were given.</summary>
internal sealed record ParsedOptions(ImmutableArray<(char Letter, string Value)> Options, ImmutableArray<string> Operands)
{
    public bool Has(char letter) => Options.Any(option => option.Letter == letter);

    /// <summary>The option's last value; null when it was not given.</summary>
    public string? Value(char letter) => Options.LastOrDefault(option => option.Letter == letter) is { Letter: not default(char) } found ? found.Value : null;

    /// <summary>The option's last value as a whole number from 0 on; null when it was not given.</summary>
    /// <exception cref="CommandUsageException">It is none.</exception>
    public int? Count(string command, char letter)
    {
        if (Value(letter) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new CommandUsageException(-1, $"{command}: '{text}' behind -{letter} is no number");
    }
}
