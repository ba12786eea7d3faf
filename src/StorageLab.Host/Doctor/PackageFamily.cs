namespace StorageLab.Host.Doctor;

/// <summary>Distributions by how packages are called and installed.</summary>
public enum PackageFamily
{
    /// <summary>Neither of those below.</summary>
    Unknown,

    /// <summary>apt.</summary>
    Debian,

    /// <summary>yum, or dnf.</summary>
    RedHat,
}
