using StorageLab.Model.Measurement;

namespace StorageLab.Reports.Plots;

/// <summary>All plots of a run, as PNG and SVG.</summary>
internal static class RunPlots
{
    /// <summary>Draws every plot that the run has data for.</summary>
    /// <param name="run">At least one variant.</param>
    /// <param name="traces">One per variant of the run, in its order.</param>
    /// <param name="folder">Where to; it must exist.</param>
    /// <exception cref="IOException">A file could not be written.</exception>
    public static void Write(RunSummary run, IReadOnlyList<VariantTrace> traces, string folder)
    {
        VariantStyle[] styles = VariantStyle.For([.. run.Variants.Select(v => v.Driver)]);
        (string Name, Func<PlotSheet?> Draw)[] plots =
        [
            ("growth", () => GrowthPlot.Draw(run, traces, styles)),
            ("given-back", () => GivenBackPlot.Draw(run, traces, styles)),
            ("pool-and-file", () => PoolPlot.Draw(run, traces, styles)),
            ("throughput", () => ThroughputPlot.Draw(run, styles)),
            ("time", () => TimePlot.Draw(run)),
            ("amplification", () => AmplificationPlot.Draw(run, styles)),
        ];
        Task.WhenAll(plots.Select(plot => Task.Run(() => Write(plot.Draw, folder, plot.Name)))).GetAwaiter().GetResult();
    }

    private static void Write(Func<PlotSheet?> draw, string folder, string name)
    {
        using PlotSheet? sheet = draw();
        if (sheet is not null)
            sheet.Save(folder, name);
        else
            RemoveStale(folder, name);
    }

    /// <summary>A plot of an earlier run in the same folder would be taken for this one's.</summary>
    private static void RemoveStale(string folder, string name)
    {
        File.Delete(Path.Combine(folder, name + ".png"));
        File.Delete(Path.Combine(folder, name + ".svg"));
    }
}
