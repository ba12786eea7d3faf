using ScottPlot;
using SkiaSharp;

namespace StorageLab.Reports.Plots;

/// <summary>One bar, given by its corners in data coordinates.</summary>
internal sealed class BarPlottable(CoordinateRect rect, BarStyle style) : IPlottable
{
    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        PixelRect pixels = Axes.GetPixelRect(rect);
        Ink.DrawBar(rp.Canvas, new SKRect(pixels.Left, pixels.Top, pixels.Right, pixels.Bottom), style);
    }
}
