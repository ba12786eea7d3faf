namespace StorageLab.Host.Doctor;

/// <summary>A package by its name in two families of distributions; null where a family has none.</summary>
/// <param name="Debian">Debian, Ubuntu and what comes of them.</param>
/// <param name="RedHat">CentOS, RHEL, Fedora and what comes of them.</param>
public sealed record Package(string? Debian, string? RedHat)
{
    public string? In(PackageFamily family) => family switch
    {
        PackageFamily.Debian => Debian,
        PackageFamily.RedHat => RedHat,
        _ => null,
    };
}
