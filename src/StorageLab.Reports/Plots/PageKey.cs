using ScottPlot;
using SkiaSharp;

namespace StorageLab.Reports.Plots;

/// <summary>One key of a legend below the data: a small bar and its name.</summary>
internal sealed class PageKey : IPlottable, IRenderLast
{
    public const float HeightPixels = 24;

    private const float BarWidthPixels = 28;
    private const float BarHeightPixels = 14;
    private const float GapPixels = 8;

    private readonly SKRect _bar;
    private readonly BarStyle _style;
    private readonly PageText _name;

    /// <param name="name">What the bars of this style stand for.</param>
    /// <param name="style">Of the bars.</param>
    /// <param name="place">Upper left corner, in logical pixels of the page.</param>
    public PageKey(string name, BarStyle style, Pixel place)
    {
        _bar = SKRect.Create(place.X, place.Y + 2, BarWidthPixels, BarHeightPixels);
        _style = style;
        _name = new PageText(name, new Pixel(place.X + BarWidthPixels + GapPixels, place.Y), PlotSheet.LabelPixels, Colors.Black);
    }

    public static float WidthPixels(string name) => BarWidthPixels + GapPixels + PlotFonts.MeasureWidth(name, PlotSheet.LabelPixels);

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        // Everything is drawn by RenderLast, where nothing clips to the data area.
    }

    public void RenderLast(RenderPack rp)
    {
        Ink.DrawBar(rp.Canvas, _bar, _style);
        _name.RenderLast(rp);
    }
}
