using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace StorageLab.Scenarios.Recorded;

/// <summary>A command of a transcript and what it answered.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Text">As typed to the shell.</param>
/// <param name="Output">Its output and errors, line by line.</param>
/// <param name="ExitCode">0 where the transcript says nothing.</param>
public sealed partial record RecordedCommand(int Line, string Text, ImmutableArray<string> Output, int ExitCode)
{
    internal static RecordedCommand Of(int line, string text, List<string> output)
    {
        Match exit = output.Count > 0 ? ExitLine().Match(output[^1]) : Match.Empty;
        return exit.Success
            ? new RecordedCommand(line, text, [.. output.SkipLast(1)], int.Parse(exit.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            : new RecordedCommand(line, text, [.. output], 0);
    }

    [GeneratedRegex(@"^\[exit (\d{1,3})\]$")]
    private static partial Regex ExitLine();
}
