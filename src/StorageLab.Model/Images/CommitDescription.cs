using StorageLab.Model.Measurement;

namespace StorageLab.Model.Images;

/// <summary>What the image of a commit says of itself.</summary>
public sealed record CommitDescription
{
    /// <summary>What the layer's contents are known by where they do not depend on the container; empty where they do.</summary>
    public string ContentKey { get; init; } = "";

    public string Author { get; init; } = "";

    public string Comment { get; init; } = "";

    /// <summary>The new image's configuration; null for the container's.</summary>
    public ContainerConfiguration? Configuration { get; init; }

    /// <summary>What made the change, for history; null for the container's command.</summary>
    public ContainerConfiguration? ContainerConfiguration { get; init; }

    /// <summary>The instruction under which a later build finds the image again; empty for a plain commit.</summary>
    public string CacheKey { get; init; } = "";

    /// <summary>The configuration of the image (image.go, NewChildImage).</summary>
    internal ImageConfiguration Of(Container container, Timestamp now, bool isEmpty)
    {
        ImageConfiguration parent = container.Image.Configuration;
        ContainerConfiguration made = ContainerConfiguration ?? container.Configuration;
        HistoryEntry entry = new(now, string.Join(' ', made.Command ?? []), Comment, isEmpty);
        return parent with
        {
            Created = now,
            Author = Author,
            Comment = Comment,
            DockerVersion = DaemonVersion,
            Container = container.Id,
            ContainerConfiguration = made,
            Configuration = Configuration ?? container.Configuration,
            History = [.. parent.History, entry],
            JsonBytes = 0,
        };
    }

    /// <summary>The daemon that is modelled: the last with devicemapper that Debian ships.</summary>
    private const string DaemonVersion = "20.10.24+dfsg1";
}
