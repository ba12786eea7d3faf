using System.Collections.Immutable;
using StorageLab.Model.Measurement;

namespace StorageLab.Model.Images;

/// <summary>What an image says of itself beside its layers: the JSON whose digest is its id.</summary>
/// <remarks>Source: image/image.go.</remarks>
public sealed record ImageConfiguration
{
    /// <summary>Stands for the configuration of an image of which only the layers are known.</summary>
    public static ImageConfiguration Unknown { get; } = new() { IsKnown = false };

    /// <summary>False where the configuration's text was not to be had and only what is elsewhere recorded of it is given.</summary>
    public bool IsKnown { get; init; } = true;

    public Timestamp Created { get; init; } = Timestamp.Never;

    public string Author { get; init; } = "";

    public string Comment { get; init; } = "";

    public string Architecture { get; init; } = "amd64";

    public string OperatingSystem { get; init; } = "linux";

    /// <summary>Version of the daemon that built or committed it; empty otherwise.</summary>
    public string DockerVersion { get; init; } = "";

    /// <summary>Id of the container it was committed from; empty otherwise.</summary>
    public string Container { get; init; } = "";

    /// <summary>Configuration of that container.</summary>
    public ContainerConfiguration ContainerConfiguration { get; init; } = ContainerConfiguration.Empty;

    /// <summary>What containers of the image start with.</summary>
    public ContainerConfiguration Configuration { get; init; } = ContainerConfiguration.Empty;

    /// <summary>Oldest first.</summary>
    public ImmutableArray<HistoryEntry> History { get; init; } = [];

    /// <summary>Length of the JSON, in bytes.</summary>
    public long JsonBytes { get; init; }
}
