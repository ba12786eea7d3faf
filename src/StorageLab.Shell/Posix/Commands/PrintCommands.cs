using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Posix.Commands;

/// <summary>echo and printf, as bash has them.</summary>
internal static class PrintCommands
{
    public static CommandRun Echo(ImmutableArray<string> arguments)
    {
        var start = 0;
        while (start < arguments.Length && arguments[start].Length > 1 && arguments[start][0] == '-' && arguments[start].AsSpan(1).IndexOfAnyExcept("neE") < 0)
            start++;
        string options = string.Concat(arguments[..start]);
        string text = string.Join(' ', arguments[start..]);
        text = options.LastIndexOf('e') > options.LastIndexOf('E') ? Escapes.Unescape(text) : text;
        return call =>
        {
            call.Streams.Output.Write(options.Contains('n') ? text : text + "\n");
            return 0;
        };
    }

    public static CommandRun Printf(ImmutableArray<string> arguments)
    {
        if (arguments.IsEmpty)
            throw new CommandUsageException(-1, "printf: a format has to follow");
        string format = Escapes.Unescape(arguments[0]);
        ImmutableArray<string> values = arguments[1..];
        StringBuilder result = new();
        var next = 0;
        do
        {
            int before = next;
            Format(format, values, ref next, result);
            // A format that takes nothing would go round for ever.
            if (next == before)
                break;
        }
        while (next < values.Length);
        return call =>
        {
            call.Streams.Output.Write(result.ToString());
            return 0;
        };
    }

    private static void Format(string format, ImmutableArray<string> values, ref int next, StringBuilder result)
    {
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
            char kind = index < format.Length ? format[index] : '%';
            if (kind == '%')
            {
                result.Append('%');
                continue;
            }

            string value = next < values.Length ? values[next] : "";
            next++;
            string text = kind switch
            {
                's' => value,
                'b' => Escapes.Unescape(value),
                'd' or 'i' => long.TryParse(value.Length == 0 ? "0" : value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
                    ? number.ToString(CultureInfo.InvariantCulture)
                    : throw new CommandUsageException(next, $"printf: '{value}' is no whole number"),
                _ => throw new CommandUsageException(0, $"printf: %{kind} is not supported; %s, %b, %d, %i and %% are"),
            };
            result.Append(Pad(text, format[start..index]));
        }
    }

    private static string Pad(string text, string flags)
    {
        bool left = flags.StartsWith('-');
        string[] sizes = flags.TrimStart('-').Split('.');
        if (sizes.Length > 1 && int.TryParse(sizes[1], NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length < text.Length)
            text = text[..length];
        _ = int.TryParse(sizes[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width);
        char fill = !left && sizes[0].StartsWith('0') ? '0' : ' ';
        width = Math.Min(width, 1000);
        return left ? text.PadRight(width) : text.PadLeft(width, fill);
    }
}
