namespace StorageLab.Host.Doctor;

/// <summary>One thing that an engine of the lab needs of a host, and whether it is there.</summary>
/// <param name="Engine">What needs it: model, io, docker or uml.</param>
/// <param name="Name">A program, a feature of the kernel, a permission.</param>
/// <param name="IsThere">Whether it is.</param>
/// <param name="Found">What was found, or what is missing, in a few words.</param>
/// <param name="Enables">What it makes possible.</param>
public sealed record HostNeed(string Engine, string Name, bool IsThere, string Found, string Enables)
{
    /// <summary>The package that brings it, where one does.</summary>
    public Package? Package { get; init; }

    /// <summary>Whether the engine works without it, only with less.</summary>
    public bool IsOptional { get; init; }
}
