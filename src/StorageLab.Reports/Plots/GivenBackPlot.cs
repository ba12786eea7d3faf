using System.Globalization;
using StorageLab.Model.Measurement;

namespace StorageLab.Reports.Plots;

/// <summary>Per delete, what Docker freed and what each driver's storage gave back.</summary>
internal static class GivenBackPlot
{
    /// <summary>Groups of bars that still have room for a label each.</summary>
    private const int GroupCountMax = 24;

    /// <summary>Groups when each stands for several deletes, whose labels are ranges.</summary>
    private const int RangeCountMax = 14;

    /// <summary>Null when no step deleted anything.</summary>
    public static PlotSheet? Draw(RunSummary run, IReadOnlyList<VariantTrace> traces, IReadOnlyList<VariantStyle> styles)
    {
        int deleteCount = traces.Max(t => t.Deletes.Count);
        if (deleteCount == 0 || Findings.GivenBack(run).Length == 0)
            return null;
        int perGroup = deleteCount <= GroupCountMax ? 1 : (deleteCount + RangeCountMax - 1) / RangeCountMax;
        DeleteEffect[][][] groups = [.. traces.Select(t => t.Deletes.Chunk(perGroup).ToArray())];
        double largest = traces.SelectMany((_, i) => groups[i]).Max(g => Math.Max(Freed(g), Math.Abs(GivenBack(g))));
        (double bytesPerUnit, string unit) = IecBytes.AxisUnit(largest);

        string what = perGroup == 1 ? "delete" : string.Create(CultureInfo.InvariantCulture, $"{perGroup:#,0} deletes");
        PlotSheet sheet = new(Findings.GivenBack(run), $"{run.Scenario}: file content that Docker freed, and what the storage gave back, its metadata and slack included; per {what}", KeysOf(run, styles));
        AddBars(sheet, groups, styles, bytesPerUnit);
        int longest = Enumerable.Range(0, traces.Count).MaxBy(i => groups[i].Length);
        sheet.NameBottomAxis([.. groups[longest].Select((_, g) => (double)g)], [.. groups[longest].Select(NameOf)]);
        sheet.Plot.Axes.SetLimitsX(-0.6, groups[longest].Length - 0.4);
        double lowest = Math.Min(0, groups.SelectMany(g => g).Min(GivenBack)) / bytesPerUnit;
        sheet.Plot.Axes.SetLimitsY(lowest * 1.1, largest / bytesPerUnit * 1.05);
        sheet.NumberLeftAxis(lowest, largest / bytesPerUnit * 1.05);
        sheet.Plot.XLabel(perGroup == 1 ? "delete (number of the step)" : "deletes (numbers of the first and last step)");
        sheet.Plot.YLabel($"given back ({unit})");
        return sheet;
    }

    private static readonly BarStyle FreedStyle = new(VariantStyle.LiveFill, Outline: VariantStyle.LiveLine);

    private static (string Name, BarStyle Style)[] KeysOf(RunSummary run, IReadOnlyList<VariantStyle> styles) =>
        [("freed by Docker", FreedStyle), .. run.Variants.Select((v, i) => (v.Variant, styles[i].Bar))];

    private static void AddBars(PlotSheet sheet, DeleteEffect[][][] groups, IReadOnlyList<VariantStyle> styles, double bytesPerUnit)
    {
        const double groupWidth = 0.86;
        double barWidth = (groupWidth - 0.1) / styles.Count;
        for (var x = 0; x < groups[0].Length; x++)
            sheet.AddColumn(x, groupWidth, 0, Freed(groups[0][x]) / bytesPerUnit, FreedStyle);
        for (var i = 0; i < styles.Count; i++)
        {
            double offset = (i - (styles.Count - 1) / 2.0) * barWidth;
            for (var x = 0; x < groups[i].Length; x++)
                sheet.AddColumn(x + offset, barWidth * 0.9, 0, GivenBack(groups[i][x]) / bytesPerUnit, styles[i].Bar);
        }
    }

    private static double Freed(DeleteEffect[] group) => group.Sum(d => (double)d.FreedLiveBytes);

    private static double GivenBack(DeleteEffect[] group) => group.Sum(d => (double)d.GivenBackBytes);

    private static string NameOf(DeleteEffect[] group) => group.Length == 1
        ? group[0].StepIndex.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{group[0].StepIndex}–\n{group[^1].StepIndex}");
}
