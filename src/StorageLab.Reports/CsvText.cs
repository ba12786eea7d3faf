namespace StorageLab.Reports;

/// <summary>Keeps text that begins like a formula from being run by a spreadsheet: an apostrophe goes before it.</summary>
/// <remarks>The characters are those of OWASP's "CSV Injection" page. Apostrophes already before such a character count as part of
/// it, so that reading gives back exactly what was written.</remarks>
internal static class CsvText
{
    private const string FormulaStarts = "=+-@\t\r";

    public static bool LooksLikeFormula(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> bare = text.TrimStart('\'');
        return bare.Length > 0 && FormulaStarts.Contains(bare[0]);
    }

    public static string Escape(string text) => LooksLikeFormula(text) ? "'" + text : text;

    public static string Unescape(string text) => text.StartsWith('\'') && LooksLikeFormula(text) ? text[1..] : text;
}
