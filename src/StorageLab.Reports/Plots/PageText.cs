using ScottPlot;

namespace StorageLab.Reports.Plots;

/// <summary>Text at a place on the page, outside the data area.</summary>
internal sealed class PageText : IPlottable, IRenderLast
{
    private readonly Pixel _place;
    private readonly LabelStyle _style;

    /// <param name="text">Lines parted by line ends.</param>
    /// <param name="place">Its upper left corner, in logical pixels of the page.</param>
    /// <param name="sizePixels">Of the type.</param>
    /// <param name="color">Of the type.</param>
    public PageText(string text, Pixel place, float sizePixels, Color color)
    {
        _place = place;
        _style = new LabelStyle { Text = text, FontSize = sizePixels, ForeColor = color, FontName = PlotFonts.Family!, Alignment = Alignment.UpperLeft };
    }

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        // Everything is drawn by RenderLast, where nothing clips to the data area.
    }

    public void RenderLast(RenderPack rp) => _style.Render(rp.Canvas, _place, rp.Paint, true);
}
