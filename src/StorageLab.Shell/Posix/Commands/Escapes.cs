using System.Text;

namespace StorageLab.Shell.Posix.Commands;

/// <summary>Backslash escapes as printf, echo -e, tr and awk read them.</summary>
internal static class Escapes
{
    public static string Unescape(string text)
    {
        StringBuilder result = new();
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] != '\\' || index + 1 == text.Length)
            {
                result.Append(text[index]);
                continue;
            }

            char c = text[++index];
            if (c is >= '0' and <= '7')
            {
                var value = 0;
                for (int end = Math.Min(index + 3, text.Length); index < end && text[index] is >= '0' and <= '7'; index++)
                    value = (value * 8) + text[index] - '0';
                index--;
                result.Append((char)value);
                continue;
            }

            result.Append(c switch
            {
                'n' => "\n",
                't' => "\t",
                'r' => "\r",
                'a' => "\a",
                'b' => "\b",
                'f' => "\f",
                'v' => "\v",
                '\\' or '"' or '\'' or '/' => c.ToString(),
                _ => "\\" + c,
            });
        }

        return result.ToString();
    }
}
