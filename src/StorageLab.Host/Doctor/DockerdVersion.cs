using System.Globalization;
using System.Text.RegularExpressions;

namespace StorageLab.Host.Doctor;

/// <summary>What <c>dockerd --version</c> says, and what follows from it.</summary>
public static partial class DockerdVersion
{
    /// <summary>The first release without the devicemapper driver (moby, "Remove devicemapper storage driver", 25.0).</summary>
    private const int WithoutDevicemapper = 25;

    /// <summary>The version's first number; null where the line is another.</summary>
    public static int? MajorOf(string line)
    {
        Match match = Line().Match(line);
        return match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    public static bool HasDevicemapper(string line) => MajorOf(line) < WithoutDevicemapper;

    [GeneratedRegex(@"version (\d{1,4})\.")]
    private static partial Regex Line();
}
