namespace StorageLab.Model.Blocks;

/// <summary>How fast a disk is. Every number comes from the profile's file, which names its source.</summary>
public sealed record DiskProfile
{
    /// <summary>Name by which scenarios choose it, e.g. <c>sata-ssd</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What flows in a second of one long read.</summary>
    public required long ReadBytesPerSecond { get; init; }

    /// <summary>What flows in a second of one long write.</summary>
    public required long WriteBytesPerSecond { get; init; }

    /// <summary>Cost of one read request before its bytes flow, in nanoseconds.</summary>
    public required long ReadLatencyNanoseconds { get; init; }

    /// <summary>Cost of one write request before its bytes flow, in nanoseconds.</summary>
    public required long WriteLatencyNanoseconds { get; init; }

    /// <summary>Cost of a request that does not start where the last one ended (seek and half a rotation), in nanoseconds; 0 for flash.</summary>
    public required long SeekNanoseconds { get; init; }

    /// <summary>Cost of a cache flush, in nanoseconds.</summary>
    public required long FlushNanoseconds { get; init; }

    /// <summary>Requests the disk serves at once when several are waiting (write-back is never alone); 1 for a single arm.</summary>
    public required int QueueDepth { get; init; }
}
