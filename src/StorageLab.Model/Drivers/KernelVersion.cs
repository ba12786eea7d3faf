using System.Globalization;

namespace StorageLab.Model.Drivers;

/// <summary>A kernel release such as <c>3.10.0-1160.el7</c> or <c>6.1</c>: what differs by version in thin pools, file systems and overlays hangs on it.</summary>
/// <param name="Major">First number.</param>
/// <param name="Minor">Second number.</param>
/// <param name="EnterpriseBuild">For RHEL and CentOS (a release with <c>.elN</c>) the build after the dash, e.g. 1160; else 0.</param>
public readonly record struct KernelVersion(int Major, int Minor, int EnterpriseBuild) : IComparable<KernelVersion>
{
    /// <exception cref="FormatException">The text is not a kernel release.</exception>
    public static KernelVersion Parse(string text) =>
        TryParse(text, out KernelVersion version)
            ? version
            : throw new FormatException($"'{text}' is not a kernel release; write one as uname -r does, e.g. 3.10.0-1160.el7 or 6.1");

    public static bool TryParse(string text, out KernelVersion version)
    {
        version = default;
        string[] dashed = text.Split('-', 2);
        string[] numbers = dashed[0].Split('.');
        if (numbers.Length < 2 || !TryNumber(numbers[0], out int major) || !TryNumber(numbers[1], out int minor))
            return false;
        var build = 0;
        if (dashed.Length == 2 && dashed[1].Contains(".el", StringComparison.Ordinal))
            _ = TryNumber(dashed[1].Split('.')[0], out build);
        version = new KernelVersion(major, minor, build);
        return true;
    }

    public int CompareTo(KernelVersion other) =>
        (Major, Minor, EnterpriseBuild).CompareTo((other.Major, other.Minor, other.EnterpriseBuild));

    public static bool operator <(KernelVersion left, KernelVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(KernelVersion left, KernelVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(KernelVersion left, KernelVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(KernelVersion left, KernelVersion right) => left.CompareTo(right) >= 0;

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
