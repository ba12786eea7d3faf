using System.Globalization;
using ScottPlot.TickGenerators;

namespace StorageLab.Reports.Plots;

/// <summary>Ticks at 1, 2 or 5 times a power of ten.</summary>
internal static class RoundNumbers
{
    private const int TickCount = 8;

    /// <summary>Numbers from 0 (or the first below <paramref name="lowest"/>) to at most <paramref name="highest"/>.</summary>
    public static NumericManual Ticks(double lowest, double highest, bool isWhole)
    {
        double step = Step(highest - Math.Min(0, lowest), isWhole);
        string format = step >= 1 ? "#,0" : "0." + new string('0', (int)Math.Ceiling(-Math.Log10(step) - 1e-9));
        NumericManual ticks = new();
        for (var i = (int)Math.Ceiling(Math.Min(0, lowest) / step); i * step <= highest * (1 + 1e-9); i++)
            ticks.AddMajor(i * step, (i * step).ToString(format, CultureInfo.InvariantCulture));
        return ticks;
    }

    /// <summary>The distance of ticks that divides a span into about <see cref="TickCount"/> parts.</summary>
    public static double Step(double span, bool isWhole)
    {
        double raw = (span > 0 ? span : 1) / TickCount;
        double magnitude = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = new[] { 1.0, 2, 5, 10 }.First(m => m * magnitude >= raw * (1 - 1e-9)) * magnitude;
        return isWhole ? Math.Max(1, step) : step;
    }
}
