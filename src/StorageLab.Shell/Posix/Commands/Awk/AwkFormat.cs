using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace StorageLab.Shell.Posix.Commands.Awk;

/// <summary>awk's printf: %s, %d, %i, %f and %g with a width and a precision.</summary>
internal static class AwkFormat
{
    /// <summary>Widest field; more is a mistake.</summary>
    private const int WidthMax = 1000;

    public static string Format(string format, ImmutableArray<AwkValue> values)
    {
        StringBuilder result = new();
        var next = 0;
        for (var index = 0; index < format.Length; index++)
        {
            if (format[index] != '%')
            {
                result.Append(format[index]);
                continue;
            }

            int start = ++index;
            while (index < format.Length && (char.IsAsciiDigit(format[index]) || format[index] is '-' or '.'))
                index++;
            if (index == format.Length || format[index] == '%')
            {
                result.Append('%');
                continue;
            }

            AwkValue value = next < values.Length ? values[next++] : AwkValue.Empty;
            result.Append(Pad(format[start..index], format[index], value));
        }

        return result.ToString();
    }

    private static string Pad(string flags, char kind, AwkValue value)
    {
        string[] sizes = flags.TrimStart('-').Split('.');
        int precision = sizes.Length > 1 && int.TryParse(sizes[1], NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? Math.Min(given, WidthMax) : -1;
        string text = kind switch
        {
            'd' or 'i' => Math.Truncate(value.AsNumber).ToString("0", CultureInfo.InvariantCulture),
            'f' => value.AsNumber.ToString($"F{(precision < 0 ? 6 : Math.Min(precision, 30))}", CultureInfo.InvariantCulture),
            'g' => value.AsNumber.ToString($"G{(precision < 0 ? 6 : Math.Clamp(precision, 1, 17))}", CultureInfo.InvariantCulture),
            _ => precision >= 0 && precision < value.Text.Length ? value.Text[..precision] : value.Text,
        };
        _ = int.TryParse(sizes[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width);
        width = Math.Min(width, WidthMax);
        return flags.StartsWith('-') ? text.PadRight(width) : text.PadLeft(width);
    }
}
