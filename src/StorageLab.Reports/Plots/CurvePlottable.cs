using ScottPlot;
using SkiaSharp;

namespace StorageLab.Reports.Plots;

/// <summary>A curve in a variant's colour and dashes.</summary>
internal sealed class CurvePlottable(double[] xs, double[] ys, VariantStyle style, float widthPixels) : IPlottable
{
    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        SKPoint[] points = [.. xs.Select((x, i) => new SKPoint(Axes.GetPixelX(x), Axes.GetPixelY(ys[i])))];
        Ink.DrawCurve(rp.Canvas, points, style, widthPixels);
    }
}
