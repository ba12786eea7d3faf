using System.Globalization;
using System.Text;
using CsCheck;

namespace StorageLab.Cli.Tests;

/// <summary>One thing that can happen to a file: cut off, holes, repeats, other bytes, other numbers, rows out of order.</summary>
/// <param name="Kind">Which, 0 to 9.</param>
/// <param name="Where">Place in the file, as a fraction of it.</param>
/// <param name="HowMuch">Length of the damage, or what is put there, as a fraction.</param>
/// <param name="Poison">What is put there.</param>
internal sealed record Damage(int Kind, double Where, double HowMuch, string Poison)
{
    /// <summary>Numbers and words that have broken readers before.</summary>
    private static readonly string[] Poisons =
        ["-1", "9223372036854775807", "9223372036854775808", "1e99", "NaN", "0", "null", "[]", "{}", "\"\"", ",", "\"", "\n", "\0", "../..", "é", "\ud83d", "&x;", "<a>"];

    public static Gen<Damage> Any { get; } =
        Gen.Select(Gen.Int[0, 9], Gen.Double.Unit, Gen.Double.Unit, Gen.Int[0, Poisons.Length - 1])
            .Select((kind, where, howMuch, poison) => new Damage(kind, where, howMuch, Poisons[poison]));

    /// <summary>The damaged copy of a file's bytes.</summary>
    public byte[] Do(byte[] bytes)
    {
        var from = (int)(Where * bytes.Length);
        int to = Math.Min(bytes.Length, from + 1 + (int)(HowMuch * HowMuch * HowMuch * (bytes.Length - from)));
        byte[] inserted = Encoding.UTF8.GetBytes(Poison);
        return Kind switch
        {
            0 => bytes[..from],
            1 => [.. bytes[..from], .. bytes[to..]],
            2 => [.. bytes[..to], .. bytes[from..]],
            3 => [.. bytes[..from], (byte)(HowMuch * 256), .. bytes[Math.Min(from + 1, bytes.Length)..]],
            4 => [.. bytes[..from], .. inserted, .. bytes[from..]],
            5 or 6 => ReplaceNumber(bytes, from, inserted),
            7 => ReplaceNumber(bytes, from, Encoding.UTF8.GetBytes(((long)(HowMuch * 1e6)).ToString(CultureInfo.InvariantCulture))),
            8 => SwapLines(bytes, from),
            _ => RepeatLine(bytes, from),
        };
    }

    private static byte[] ReplaceNumber(byte[] bytes, int from, byte[] replacement)
    {
        int start = from;
        while (start < bytes.Length && !char.IsAsciiDigit((char)bytes[start]))
            start++;
        int end = start;
        while (end < bytes.Length && char.IsAsciiDigit((char)bytes[end]))
            end++;
        return [.. bytes[..start], .. replacement, .. bytes[end..]];
    }

    private static byte[] SwapLines(byte[] bytes, int from)
    {
        string[] lines = Encoding.Latin1.GetString(bytes).Split('\n');
        int line = Math.Min(lines.Length - 2, Encoding.Latin1.GetString(bytes[..from]).Count(c => c == '\n'));
        if (line >= 0)
            (lines[line], lines[line + 1]) = (lines[line + 1], lines[line]);
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }

    private static byte[] RepeatLine(byte[] bytes, int from)
    {
        List<string> lines = [.. Encoding.Latin1.GetString(bytes).Split('\n')];
        int line = Encoding.Latin1.GetString(bytes[..from]).Count(c => c == '\n');
        lines.Insert(line, lines[Math.Min(line, lines.Count - 1)]);
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }
}
