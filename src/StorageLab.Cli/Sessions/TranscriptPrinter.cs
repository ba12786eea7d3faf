using StorageLab.Model.Drivers;
using StorageLab.Shell.Posix.Syntax;
using StorageLab.Shell.Sessions;

namespace StorageLab.Cli.Sessions;

/// <summary>Prints what a script's commands wrote on every driver: once where all wrote the same, else with the driver before each line.</summary>
/// <param name="text">The script.</param>
/// <param name="variants">The drivers.</param>
/// <param name="transcripts">What each driver's session wrote, in the same order; one may have ended earlier than another.</param>
internal sealed class TranscriptPrinter(ScriptText text, IReadOnlyList<VariantSpec> variants, IReadOnlyList<IReadOnlyList<CommandTranscript>> transcripts)
{
    private readonly int _width = variants.Max(variant => variant.Name.Length);

    public void Print(TextWriter output)
    {
        int count = transcripts.Max(transcript => transcript.Count);
        var end = 0;
        for (var index = 0; index < count; index++)
        {
            CommandTranscript[] here = [.. transcripts.Where(transcript => index < transcript.Count).Select(transcript => transcript[index])];
            ScriptCommand command = here[0].Command;
            PrintBetween(output, end, command.Start);
            end = command.End;
            PrintCommand(output, text.Text[command.Start..command.End].TrimEnd('\n'));
            if (here.Length == variants.Count && here.All(other => IsSame(other, here[0])))
                PrintResult(output, "", here[0]);
            else
                ForEach(index, (variant, result) => PrintResult(output, $"{variant.Name.PadRight(_width)} | ", result));
            if (here.Any(result => result.After != result.Before))
            {
                ForEach(index, (variant, result) =>
                    output.WriteLine($"# {variant.Name.PadRight(_width)}  {DiskLine.Of(result.Before, result.After, variant.Host.Profile.Name)}"));
            }
        }

        PrintBetween(output, end, text.Text.Length);
    }

    private void ForEach(int index, Action<VariantSpec, CommandTranscript> act)
    {
        for (var variant = 0; variant < variants.Count; variant++)
        {
            if (index < transcripts[variant].Count)
                act(variants[variant], transcripts[variant][index]);
        }
    }

    /// <summary>Comments and empty lines of the script.</summary>
    private void PrintBetween(TextWriter output, int start, int end)
    {
        string between = text.Text[start..end];
        int lineEnd = between.IndexOf('\n', StringComparison.Ordinal);
        if (start > 0)
            between = lineEnd < 0 ? "" : between[(lineEnd + 1)..];
        output.Write(between.EndsWith('\n') ? between : between.TrimEnd(' ', '\t'));
        if (between.Length > 0 && !between.EndsWith('\n') && between.TrimEnd(' ', '\t').Length > 0)
            output.Write('\n');
    }

    private static void PrintCommand(TextWriter output, string command) =>
        output.Write("$ " + command.Replace("\n", "\n> ", StringComparison.Ordinal) + "\n");

    private static void PrintResult(TextWriter output, string prefix, CommandTranscript result)
    {
        using StringReader reader = new(result.Output);
        while (reader.ReadLine() is { } line)
            output.Write(prefix + line + "\n");
        if (result.Status != 0)
            output.Write($"{prefix}[exit {result.Status}]\n");
    }

    private static bool IsSame(CommandTranscript left, CommandTranscript right) => left.Output == right.Output && left.Status == right.Status;
}
