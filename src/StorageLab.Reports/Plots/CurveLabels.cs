using ScottPlot;

namespace StorageLab.Reports.Plots;

/// <summary>Names curves at their right ends, moved apart where the ends are close.</summary>
/// <remarks>The labels stand inside the data area, in room gained by ending the horizontal axis later than the data.</remarks>
internal static class CurveLabels
{
    private const float LinePixels = 18;
    private const float GapPixels = 34;
    private const float WidestPixels = 230;

    public readonly record struct Curve(string Name, double FinalValue, Color Color);

    /// <summary>Sets the axes' limits and places the labels.</summary>
    /// <param name="sheet">The sheet, with its curves.</param>
    /// <param name="lastX">Where the curves end.</param>
    /// <param name="largestY">Highest value of any curve, in axis units.</param>
    /// <param name="curves">Names and final values, in axis units.</param>
    public static void Place(PlotSheet sheet, double lastX, double largestY, IReadOnlyList<Curve> curves)
    {
        string[] texts = [.. curves.Select(c => PlotFonts.Wrap(c.Name, PlotSheet.LabelPixels, WidestPixels))];
        float roomPixels = GapPixels + 8 + texts.SelectMany(t => t.Split('\n')).Max(line => PlotFonts.MeasureWidth(line, PlotSheet.LabelPixels));
        double xPerPixel = lastX / (sheet.DataWidthPixels - roomPixels);
        double top = largestY * 1.06;
        double yPerPixel = top / sheet.DataHeightPixels;
        sheet.Plot.Axes.SetLimits(0, xPerPixel * sheet.DataWidthPixels, 0, top);
        sheet.NumberBottomAxis(lastX, isWhole: true);
        sheet.NumberLeftAxis(0, top);
        sheet.Plot.Grid.XAxisStyle.IsVisible = false;

        double[] places = Spread(
            [.. curves.Select(c => c.FinalValue / yPerPixel)],
            [.. texts.Select(t => LinePixels * t.Split('\n').Length)],
            sheet.DataHeightPixels);
        for (var i = 0; i < texts.Length; i++)
        {
            double y = places[i] * yPerPixel;
            ScottPlot.Plottables.Scatter leader = sheet.Plot.Add.ScatterLine(
                new[] { lastX + 4 * xPerPixel, lastX + (GapPixels - 4) * xPerPixel }, new[] { curves[i].FinalValue, y });
            leader.Color = curves[i].Color.WithAlpha(.6);
            leader.LineWidth = 1;
            ScottPlot.Plottables.Text label = sheet.AddText(texts[i], lastX + GapPixels * xPerPixel, y, Alignment.MiddleLeft, curves[i].Color);
            label.LabelBackgroundColor = Colors.White;
        }
    }

    /// <summary>Moves places apart until none overlap, keeping their order and the area's bounds; as near to where they were as a sweep up and one down get.</summary>
    /// <param name="wanted">Centres in pixels from the bottom.</param>
    /// <param name="heights">Height of each in pixels.</param>
    /// <param name="areaPixels">Height of the area.</param>
    internal static double[] Spread(double[] wanted, float[] heights, double areaPixels)
    {
        int[] order = [.. Enumerable.Range(0, wanted.Length).OrderBy(i => wanted[i]).ThenBy(i => i)];
        double[] places = [.. wanted];
        double floor = 0;
        foreach (int i in order)
        {
            places[i] = Math.Max(places[i], floor + heights[i] / 2);
            floor = places[i] + heights[i] / 2;
        }
        double ceiling = areaPixels;
        foreach (int i in order.Reverse())
        {
            places[i] = Math.Min(places[i], ceiling - heights[i] / 2);
            ceiling = places[i] - heights[i] / 2;
        }
        return places;
    }
}
