using System.Globalization;

namespace StorageLab.Advice.Hosts;

/// <summary>A version of Docker such as <c>1.13.1</c>, <c>17.12.0-ce</c> or <c>20.10.24</c>; what follows the second number decides nothing here.</summary>
public readonly record struct DockerVersion(int Major, int Minor) : IComparable<DockerVersion>
{
    public static bool TryParse(string text, out DockerVersion version)
    {
        version = default;
        string[] numbers = text.Trim().TrimStart('v').Split('.', '-', '+', '~');
        if (numbers.Length < 2 || !TryNumber(numbers[0], out int major) || !TryNumber(numbers[1], out int minor))
            return false;
        version = new DockerVersion(major, minor);
        return true;
    }

    /// <exception cref="FormatException">The text is no version.</exception>
    public static DockerVersion Parse(string text) => TryParse(text, out DockerVersion version) ? version : throw new FormatException($"'{text}' is not a version of Docker");

    public int CompareTo(DockerVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor:00}").Replace(".00", ".0", StringComparison.Ordinal);

    public static bool operator <(DockerVersion left, DockerVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(DockerVersion left, DockerVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(DockerVersion left, DockerVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(DockerVersion left, DockerVersion right) => left.CompareTo(right) >= 0;

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
