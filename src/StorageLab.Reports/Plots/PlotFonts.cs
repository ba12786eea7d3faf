using SkiaSharp;

namespace StorageLab.Reports.Plots;

/// <summary>The one font of the plots, found by name: Skia's own default is whatever comes first on the machine.</summary>
public static class PlotFonts
{
    /// <summary>Wide coverage and even digits first; each is what one distribution or system ships.</summary>
    private static readonly string[] Candidates = ["DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial", "Helvetica"];

    private static readonly Lazy<string?> Found = new(Find);

    private static readonly Lazy<SKTypeface> Typeface = new(() => SKTypeface.FromFamilyName(Family));

    /// <summary>The family to use; null when the machine has none, in which case no plot can be drawn.</summary>
    public static string? Family => Found.Value;

    /// <summary>What to tell a user whose machine has no font.</summary>
    public const string MissingMessage = "no font found, so no plots were drawn; on Debian and Ubuntu: apt-get install fonts-dejavu-core";

    /// <summary>Width of one line of text in logical pixels.</summary>
    public static float MeasureWidth(string text, float sizePixels)
    {
        using SKFont font = new(Typeface.Value, sizePixels);
        return font.MeasureText(text);
    }

    /// <summary>Breaks text at blanks so that no line is wider than asked, where its words allow.</summary>
    public static string Wrap(string text, float sizePixels, float widthPixels)
    {
        List<string> lines = [];
        var line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string longer = line.Length == 0 ? word : line + " " + word;
            if (line.Length > 0 && MeasureWidth(longer, sizePixels) > widthPixels)
            {
                lines.Add(line);
                line = word;
            }
            else
            {
                line = longer;
            }
        }
        lines.Add(line);
        return string.Join('\n', lines);
    }

    private static string? Find()
    {
        SKFontManager manager = SKFontManager.Default;
        string[] installed = [.. manager.FontFamilies];
        return Candidates.FirstOrDefault(c => installed.Contains(c, StringComparer.OrdinalIgnoreCase)) ?? installed.FirstOrDefault();
    }
}
