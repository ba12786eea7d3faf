using ScottPlot;
using ScottPlot.TickGenerators;

namespace StorageLab.Reports.Plots;

/// <summary>A page of 1000 x 600 logical pixels with the house's type, margins and grid, on which one plot is drawn.</summary>
internal sealed class PlotSheet : IDisposable
{
    public const float LabelPixels = 14;

    private const int WidthPixels = 1000;
    private const int HeightPixels = 600;
    private const float TitlePixels = 20;
    private const float CaptionPixels = 13;

    /// <summary>PNG pixels per logical pixel: sharp on a projector.</summary>
    private const double PngScale = 1.5;

    /// <summary>Tallest a title may be: two lines.</summary>
    private const float TopPixels = 92;

    private readonly PixelPadding _padding;

    /// <param name="title">The finding, as a sentence without a full stop.</param>
    /// <param name="caption">What is drawn, and of which scenario.</param>
    /// <param name="leftPixels">Room for the ticks of the vertical axis.</param>
    /// <param name="bottomPixels">Room for the horizontal axis, and a legend where there is one.</param>
    public PlotSheet(string title, string caption, float leftPixels = 84, float bottomPixels = 70)
    {
        _padding = new PixelPadding(leftPixels, 24, bottomPixels, TopPixels);
        Plot.Font.Set(PlotFonts.Family ?? throw new InvalidOperationException(PlotFonts.MissingMessage));
        Plot.Layout.Fixed(_padding);
        Plot.FigureBackground.Color = Colors.White;
        Plot.Grid.MajorLineColor = Color.FromHex("#E6E6E6");
        Plot.Axes.Title.IsVisible = false;
        Plot.Axes.Top.FrameLineStyle.Width = 0;
        Plot.Axes.Right.FrameLineStyle.Width = 0;
        foreach (IAxis axis in new IAxis[] { Plot.Axes.Left, Plot.Axes.Bottom })
        {
            axis.Label.FontSize = LabelPixels;
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontSize = CaptionPixels;
        }
        AddPageText(PlotFonts.Wrap(title, TitlePixels, WidthPixels - 48, isBold: true), caption);
    }

    public Plot Plot { get; } = new();

    /// <summary>Width of the area that data is drawn on.</summary>
    public float DataWidthPixels => WidthPixels - _padding.Left - _padding.Right;

    public float DataHeightPixels => HeightPixels - _padding.Top - _padding.Bottom;

    /// <summary>Numbers the horizontal axis up to the last value and not into the room that labels take beyond it.</summary>
    public void NumberBottomAxis(double last) => Plot.Axes.Bottom.TickGenerator = ManualTicks(last);

    /// <summary>Leaves the horizontal axis without ticks but with the given words below given positions.</summary>
    public void NameBottomAxis(IReadOnlyList<double> positions, IReadOnlyList<string> names)
    {
        Plot.Axes.Bottom.TickGenerator = new NumericManual([.. positions], [.. names]);
        Plot.Axes.Bottom.MajorTickStyle.Length = 0;
        Plot.Grid.XAxisStyle.IsVisible = false;
    }

    public void NameLeftAxis(IReadOnlyList<double> positions, IReadOnlyList<string> names)
    {
        Plot.Axes.Left.TickGenerator = new NumericManual([.. positions], [.. names]);
        Plot.Axes.Left.MajorTickStyle.Length = 0;
        Plot.Axes.Left.TickLabelStyle.FontSize = LabelPixels;
        Plot.Grid.YAxisStyle.IsVisible = false;
    }

    /// <summary>Text whose place is in data coordinates.</summary>
    public ScottPlot.Plottables.Text AddText(string text, double x, double y, Alignment alignment, Color color)
    {
        ScottPlot.Plottables.Text label = Plot.Add.Text(text, x, y);
        label.LabelFontSize = LabelPixels;
        label.LabelFontColor = color;
        label.LabelAlignment = alignment;
        label.LabelFontName = PlotFonts.Family!;
        return label;
    }

    /// <summary>One line of keys under the axis.</summary>
    public void AddLegend(IEnumerable<LegendItem> items)
    {
        Plot.Legend.ManualItems.Clear();
        Plot.Legend.ManualItems.AddRange(items);
        Plot.Legend.DisplayPlottableLegendItems = false;
        Plot.Legend.FontName = PlotFonts.Family!;
        Plot.Legend.FontSize = LabelPixels;
        Plot.Legend.OutlineWidth = 0;
        Plot.Legend.ShadowColor = Colors.Transparent;
        Plot.Legend.BackgroundColor = Colors.Transparent;
        Plot.Legend.Orientation = Orientation.Horizontal;
        Plot.ShowLegend(Edge.Bottom);
    }

    /// <summary>Writes <c>name.png</c> and <c>name.svg</c>.</summary>
    /// <exception cref="IOException">A file could not be written.</exception>
    public void Save(string folder, string name)
    {
        Plot.ScaleFactor = 1;
        string svg = Plot.GetSvgXml(WidthPixels, HeightPixels);
        AtomicFile.Write(Path.Combine(folder, name + ".svg"), stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(svg)));
        Plot.ScaleFactor = PngScale;
        byte[] png = Plot.GetImageBytes((int)(WidthPixels * PngScale), (int)(HeightPixels * PngScale), ImageFormat.Png);
        AtomicFile.Write(Path.Combine(folder, name + ".png"), stream => stream.Write(png));
    }

    public void Dispose() => Plot.Dispose();

    /// <summary>Round numbers from 0 to at most <paramref name="last"/>, about eight of them.</summary>
    internal static double[] RoundNumbers(double last)
    {
        double raw = Math.Max(last, 1) / 8;
        double magnitude = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = Math.Max(1, new[] { 1.0, 2, 5, 10 }.First(m => m * magnitude >= raw) * magnitude);
        return [.. Enumerable.Range(0, (int)(last / step) + 1).Select(i => i * step)];
    }

    private static NumericManual ManualTicks(double last)
    {
        double[] positions = RoundNumbers(last);
        return new NumericManual(positions, [.. positions.Select(p => p.ToString("#,0", System.Globalization.CultureInfo.InvariantCulture))]);
    }

    /// <summary>Title and caption, flush with the page's left edge.</summary>
    private void AddPageText(string title, string caption)
    {
        Plot.Add.Plottable(new PageText(title, new Pixel(24, 12), TitlePixels, isBold: true, Colors.Black));
        Plot.Add.Plottable(new PageText(caption, new Pixel(24, 12 + 24 * (1 + title.Count(c => c == '\n')) + 4), CaptionPixels, isBold: false, VariantStyle.LiveLine));
    }

    /// <summary>Text at a place on the page, outside the data area.</summary>
    private sealed class PageText : IPlottable, IRenderLast
    {
        private readonly Pixel _place;
        private readonly LabelStyle _style;

        public PageText(string text, Pixel place, float sizePixels, bool isBold, Color color)
        {
            _place = place;
            _style = new LabelStyle { Text = text, FontSize = sizePixels, Bold = isBold, ForeColor = color, FontName = PlotFonts.Family!, Alignment = Alignment.UpperLeft };
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
}
