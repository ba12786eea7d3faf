using System.Text;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace StorageLab.Reports.Plots;

/// <summary>A page of 1000 x 600 logical pixels with the house's type, margins and grid, on which one plot is drawn.</summary>
internal sealed class PlotSheet : IDisposable
{
    public const float LabelPixels = 14;

    private const int WidthPixels = 1000;
    private const int HeightPixels = 600;
    private const float MarginPixels = 24;
    private const float TitlePixels = 20;
    private const float TitleLinePixels = 24;
    private const float CaptionPixels = 13;
    private const float AxisPixels = 62;
    private const float KeyGapPixels = 26;
    private const float KeysGapPixels = 14;

    /// <summary>PNG pixels per logical pixel: sharp on a projector.</summary>
    private const double PngScale = 1.5;

    /// <summary>Filters pay for photographs; areas of one colour pack as well without, in half the time.</summary>
    private static readonly SKPngEncoderOptions FlatColors = new(SKPngEncoderFilterFlags.NoFilters, zLibLevel: 6);

    private readonly PixelPadding _padding;

    /// <param name="title">The finding, as a sentence without a full stop.</param>
    /// <param name="caption">What is drawn, and of which scenario.</param>
    /// <param name="keys">Of the legend under the axis; empty for none.</param>
    /// <param name="leftPixels">Room for the ticks of the vertical axis.</param>
    public PlotSheet(string title, string caption, IReadOnlyList<(string Name, BarStyle Style)> keys, float leftPixels = 84)
    {
        string wrapped = PlotFonts.Wrap(title, TitlePixels, WidthPixels - 2 * MarginPixels);
        float titlePixels = TitleLinePixels * (1 + wrapped.Count(c => c == '\n'));
        List<List<(string Name, BarStyle Style)>> rows = KeyRows(keys);
        _padding = new PixelPadding(leftPixels, MarginPixels, AxisPixels + (rows.Count == 0 ? 0 : KeysGapPixels + rows.Count * PageKey.HeightPixels), 12 + titlePixels + 4 + 32);

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
        Plot.Add.Plottable(new PageText(wrapped, new Pixel(MarginPixels, 12), TitlePixels, Colors.Black));
        Plot.Add.Plottable(new PageText(caption, new Pixel(MarginPixels, 12 + titlePixels + 4), CaptionPixels, VariantStyle.LiveLine));
        AddKeys(rows);
    }

    public Plot Plot { get; } = new();

    /// <summary>Width of the area that data is drawn on.</summary>
    public float DataWidthPixels => WidthPixels - _padding.Left - _padding.Right;

    public float DataHeightPixels => HeightPixels - _padding.Top - _padding.Bottom;

    /// <summary>Numbers the horizontal axis up to the last value and not into the room that labels take beyond it.</summary>
    public void NumberBottomAxis(double last, bool isWhole) => Plot.Axes.Bottom.TickGenerator = RoundNumbers.Ticks(0, last, isWhole);

    public void NumberLeftAxis(double lowest, double highest) => Plot.Axes.Left.TickGenerator = RoundNumbers.Ticks(lowest, highest, isWhole: false);

    /// <summary>Leaves the horizontal axis without numbers but with the given words at given positions.</summary>
    public void NameBottomAxis(IReadOnlyList<double> positions, IReadOnlyList<string> names)
    {
        Plot.Axes.Bottom.TickGenerator = new NumericManual([.. positions], [.. names]);
        Plot.Axes.Bottom.MajorTickStyle.Length = 0;
        Plot.Grid.XAxisStyle.IsVisible = false;
    }

    /// <summary>The same for the vertical axis.</summary>
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

    /// <summary>A bar from <paramref name="start"/> to <paramref name="end"/> on the vertical axis.</summary>
    public void AddColumn(double position, double width, double start, double end, BarStyle style) =>
        Plot.Add.Plottable(new BarPlottable(new CoordinateRect(position - width / 2, position + width / 2, Math.Min(start, end), Math.Max(start, end)), style));

    /// <summary>A bar from <paramref name="start"/> to <paramref name="end"/> on the horizontal axis.</summary>
    public void AddRow(double position, double height, double start, double end, BarStyle style) =>
        Plot.Add.Plottable(new BarPlottable(new CoordinateRect(start, end, position - height / 2, position + height / 2), style));

    /// <summary>Writes <c>name.png</c> and <c>name.svg</c>.</summary>
    /// <exception cref="IOException">A file could not be written.</exception>
    public void Save(string folder, string name)
    {
        Plot.ScaleFactor = 1;
        string svg = Plot.GetSvgXml(WidthPixels, HeightPixels);
        AtomicFile.Write(Path.Combine(folder, name + ".svg"), stream => stream.Write(Encoding.UTF8.GetBytes(svg)));
        Plot.ScaleFactor = PngScale;
        SKImageInfo size = new((int)(WidthPixels * PngScale), (int)(HeightPixels * PngScale));
        using SKSurface surface = SKSurface.Create(size);
        Plot.Render(surface.Canvas, size.Width, size.Height);
        using SKPixmap pixels = surface.PeekPixels();
        using SKData png = pixels.Encode(FlatColors) ?? throw new InvalidOperationException("Skia could not encode a PNG");
        AtomicFile.Write(Path.Combine(folder, name + ".png"), stream => stream.Write(png.AsSpan()));
    }

    public void Dispose() => Plot.Dispose();

    /// <summary>As many keys in a row as the page is wide.</summary>
    private static List<List<(string Name, BarStyle Style)>> KeyRows(IReadOnlyList<(string Name, BarStyle Style)> keys)
    {
        List<List<(string Name, BarStyle Style)>> rows = [];
        float used = float.MaxValue;
        foreach ((string Name, BarStyle Style) key in keys)
        {
            float width = PageKey.WidthPixels(key.Name) + KeyGapPixels;
            if (used + width > WidthPixels - 2 * MarginPixels)
            {
                rows.Add([]);
                used = 0;
            }
            rows[^1].Add(key);
            used += width;
        }
        return rows;
    }

    private void AddKeys(List<List<(string Name, BarStyle Style)>> rows)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            float left = _padding.Left;
            float width = rows[row].Sum(k => PageKey.WidthPixels(k.Name) + KeyGapPixels);
            // A legend wider than the data area starts at the page's margin instead.
            if (left + width > WidthPixels)
                left = MarginPixels;
            foreach ((string name, BarStyle style) in rows[row])
            {
                Plot.Add.Plottable(new PageKey(name, style, new Pixel(left, HeightPixels - 8 - (rows.Count - row) * PageKey.HeightPixels)));
                left += PageKey.WidthPixels(name) + KeyGapPixels;
            }
        }
    }
}
