using System.Globalization;

namespace StorageLab.Shell.Posix.Commands.Awk;

/// <summary>A text, and the number it is if it looks like one.</summary>
/// <remarks>Source: POSIX.1-2017, awk, Expressions: what a field or the input holds compares as a number when it looks like one.</remarks>
internal readonly record struct AwkValue(string Text, double? Number)
{
    public static readonly AwkValue Empty = new("", null);

    public double AsNumber => Number ?? Leading(Text);

    public bool IsTrue => Number is { } number ? number != 0 : Text.Length > 0;

    public static AwkValue Of(double number) => new(
        number == Math.Floor(number) && Math.Abs(number) < 1e16 ? number.ToString("0", CultureInfo.InvariantCulture) : number.ToString("G6", CultureInfo.InvariantCulture),
        number);

    public static AwkValue Of(bool condition) => Of(condition ? 1 : 0);

    /// <summary>A piece of the input.</summary>
    public static AwkValue OfInput(string text) =>
        new(text, double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null);

    public static int Compare(AwkValue left, AwkValue right) => left.Number is { } a && right.Number is { } b
        ? a.CompareTo(b)
        : string.CompareOrdinal(left.Text, right.Text);

    private static double Leading(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart();
        int end = rest.Length > 0 && rest[0] is '-' or '+' ? 1 : 0;
        while (end < rest.Length && (char.IsAsciiDigit(rest[end]) || rest[end] == '.'))
            end++;
        return double.TryParse(rest[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : 0;
    }
}
