namespace StorageLab.Scenarios.Workloads;

/// <summary>What goes on on a host, in a few numbers.</summary>
public sealed record HostWorkload
{
    /// <summary>New versions of images that come in a week.</summary>
    public required double ImagesPerWeek { get; init; }

    /// <summary>Unpacked size of an image.</summary>
    public required long ImageBytes { get; init; }

    /// <summary>Share of an image that is new in its next version; the rest are layers it shares with it. From 0 to 1.</summary>
    public required double Churn { get; init; }

    /// <summary>Weeks after which a version is removed.</summary>
    public required int KeptWeeks { get; init; }

    /// <summary>What containers write in a day; it goes with them the day after.</summary>
    public required long ContainerBytesPerDay { get; init; }
}
