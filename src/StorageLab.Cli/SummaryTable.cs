using Spectre.Console;
using StorageLab.Model.Measurement;
using StorageLab.Reports;

namespace StorageLab.Cli;

/// <summary>The summary as people read it: a row per metric, a column per variant, and below it what it shows.</summary>
internal static class SummaryTable
{
    private const int ColumnGapCharacters = 2;

    /// <summary>Prints as many tables as the width needs, and the findings.</summary>
    public static void Print(IAnsiConsole console, RunSummary run, bool isPlain)
    {
        int width = console.Profile.Width;
        int first = 0;
        while (first < run.Variants.Length)
        {
            int count = FittingCount(run, first, width, isPlain);
            ReadOnlySpan<VariantSummary> variants = run.Variants.AsSpan(first, count);
            console.Write(Table(variants, HeaderWidth(variants, width, isPlain), isPlain));
            first += count;
        }
        foreach (string finding in (string[])[Findings.Growth(run), Findings.GivenBack(run), Findings.Amplification(run), .. Findings.Failures(run)])
        {
            if (finding.Length > 0)
                console.Profile.Out.Writer.WriteLine(Terminal.Shown(finding) + ".");
        }
    }

    /// <summary>How many variants from <paramref name="first"/> on fit beside the metrics' names; at least one.</summary>
    internal static int FittingCount(RunSummary run, int first, int width, bool isPlain)
    {
        int count = run.Variants.Length - first;
        while (count > 1 && TableWidth(run.Variants.AsSpan(first, count), 0, isPlain) > width)
            count--;
        return count;
    }

    /// <summary>Characters a line of a header may have: as many as there is room for, so that names are broken only where they must be.</summary>
    private static int HeaderWidth(ReadOnlySpan<VariantSummary> variants, int width, bool isPlain)
    {
        var longest = 0;
        foreach (VariantSummary variant in variants)
            longest = Math.Max(longest, variant.Variant.Length);
        while (longest > 0 && TableWidth(variants, longest, isPlain) > width)
            longest--;
        return longest;
    }

    private static int TableWidth(ReadOnlySpan<VariantSummary> variants, int headerWidth, bool isPlain)
    {
        // A border adds a character to every column and one at the end.
        int edge = isPlain ? 0 : 1;
        int used = edge + SummaryMetric.All.Max(m => m.Name.Length) + ColumnGapCharacters + edge;
        foreach (VariantSummary variant in variants)
            used += ColumnWidth(variant, headerWidth) + ColumnGapCharacters + edge;
        return used;
    }

    private static Table Table(ReadOnlySpan<VariantSummary> variants, int headerWidth, bool isPlain)
    {
        Table table = new() { Border = isPlain ? TableBorder.None : TableBorder.Simple, ShowRowSeparators = false };
        table.AddColumn(new TableColumn("").NoWrap().PadLeft(0).PadRight(ColumnGapCharacters));
        foreach (VariantSummary variant in variants)
        {
            string header = string.Join('\n', HeaderLines(variant, headerWidth));
            table.AddColumn(new TableColumn(new Markup(Markup.Escape(header), isPlain ? Style.Plain : new Style(decoration: Decoration.Bold)).RightJustified())
                .RightAligned().NoWrap().PadLeft(0).PadRight(ColumnGapCharacters));
        }
        foreach (SummaryMetric metric in SummaryMetric.All)
        {
            List<string> cells = [metric.Name];
            foreach (VariantSummary variant in variants)
                cells.Add(Markup.Escape(metric.Value(variant)));
            table.AddRow([.. cells]);
        }
        return table;
    }

    private static int ColumnWidth(VariantSummary variant, int headerWidth) =>
        HeaderLines(variant, headerWidth).Concat(SummaryMetric.All.Select(m => m.Value(variant))).Max(text => text.Length);

    /// <summary>A variant's name, broken at blanks.</summary>
    private static List<string> HeaderLines(VariantSummary variant, int width)
    {
        List<string> lines = [];
        foreach (string word in Terminal.Shown(variant.Variant).Split(' '))
        {
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= width)
                lines[^1] += " " + word;
            else
                lines.Add(word);
        }
        return lines;
    }
}
