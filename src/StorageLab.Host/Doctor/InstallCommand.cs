using System.Collections.Immutable;

namespace StorageLab.Host.Doctor;

/// <summary>The one command that installs what is missing.</summary>
public static class InstallCommand
{
    private static readonly string[] DebianNames = ["debian", "ubuntu"];
    private static readonly string[] RedHatNames = ["rhel", "centos", "fedora"];

    /// <summary>Tells a distribution by its os-release file.</summary>
    /// <param name="osRelease">The file's text.</param>
    /// <remarks>Source: os-release(5), ID and ID_LIKE.</remarks>
    public static PackageFamily FamilyOf(string osRelease)
    {
        string[] names =
        [
            .. osRelease.Split('\n')
                .Where(line => line.StartsWith("ID=", StringComparison.Ordinal) || line.StartsWith("ID_LIKE=", StringComparison.Ordinal))
                .SelectMany(line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim('"', '\'', '\r').Split(' ')),
        ];
        return names.Any(DebianNames.Contains) ? PackageFamily.Debian
            : names.Any(RedHatNames.Contains) ? PackageFamily.RedHat
            : PackageFamily.Unknown;
    }

    /// <param name="needs">What was looked for.</param>
    /// <param name="family">The host's.</param>
    /// <param name="isRoot">Whether the command is typed as root.</param>
    /// <param name="installer">yum or dnf; not read for Debian.</param>
    /// <returns>Null where nothing that a package brings is missing, or the distribution is not known.</returns>
    public static string? Of(IEnumerable<HostNeed> needs, PackageFamily family, bool isRoot, string installer)
    {
        ImmutableArray<string> packages =
        [
            .. needs.Where(need => !need.IsThere).Select(need => need.Package?.In(family)).OfType<string>().Distinct().Order(StringComparer.Ordinal),
        ];
        if (packages.IsEmpty)
            return null;
        string program = family == PackageFamily.Debian ? "apt-get" : installer;
        return $"{(isRoot ? "" : "sudo ")}{program} install -y {string.Join(' ', packages)}";
    }
}
