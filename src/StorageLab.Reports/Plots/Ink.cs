using SkiaSharp;

namespace StorageLab.Reports.Plots;

/// <summary>Dashes and stripes as plain shapes: Skia's SVG writer knows neither dashed strokes nor hatched fills and would leave them out.</summary>
internal static class Ink
{
    private const float StripeGapPixels = 9;
    private const float StripeWidthPixels = 2.5f;

    /// <summary>Draws a curve in its pattern.</summary>
    public static void DrawCurve(SKCanvas canvas, ReadOnlySpan<SKPoint> points, VariantStyle style, float widthPixels)
    {
        if (points.Length < 2)
            return;
        using SKPath path = new();
        path.MoveTo(points[0]);
        foreach (SKPoint point in points[1..])
            path.LineTo(point);
        using SKPaint pen = new() { Style = SKPaintStyle.Stroke, StrokeWidth = widthPixels, StrokeJoin = SKStrokeJoin.Round, IsAntialias = true };
        using SKPathEffect? dashes = style.DashesPixels is null ? null : SKPathEffect.CreateDash(style.DashesPixels, 0);
        pen.PathEffect = dashes;
        using SKPath shape = pen.GetFillPath(path);
        using SKPaint fill = new() { Color = style.Color.ToSKColor(), IsAntialias = true };
        canvas.DrawPath(shape, fill);
    }

    /// <summary>Draws a bar or a key of a legend, striped where the style says so.</summary>
    public static void DrawBar(SKCanvas canvas, SKRect rect, BarStyle style)
    {
        using SKPaint fill = new() { Color = style.Fill.ToSKColor(), IsAntialias = true };
        canvas.DrawRect(rect, fill);
        if (style.IsStriped)
            DrawStripes(canvas, rect, style.Fill.Lighten(.45).ToSKColor());
        if (style.Outline is { } outline)
        {
            using SKPaint pen = new() { Style = SKPaintStyle.Stroke, StrokeWidth = 1, Color = outline.ToSKColor(), IsAntialias = true };
            canvas.DrawRect(rect, pen);
        }
    }

    /// <summary>Diagonals from the lower left to the upper right, each cut at the rectangle's edges.</summary>
    private static void DrawStripes(SKCanvas canvas, SKRect rect, SKColor color)
    {
        using SKPaint pen = new() { Style = SKPaintStyle.Stroke, StrokeWidth = StripeWidthPixels, Color = color, IsAntialias = true };
        for (float start = rect.Left - rect.Height + StripeGapPixels; start < rect.Right; start += StripeGapPixels)
        {
            float left = Math.Max(start, rect.Left);
            float right = Math.Min(start + rect.Height, rect.Right);
            canvas.DrawLine(left, rect.Bottom - (left - start), right, rect.Bottom - (right - start), pen);
        }
    }
}
