namespace StorageLab.Model.Blocks;

/// <summary>One floor of a storage stack: a run of bytes that is read, written, discarded and flushed by extent.</summary>
/// <remarks>
/// Extents lie in <c>[0, LengthBytes)</c> and are multiples of 512 bytes; one outside is a programmer's error
/// (<see cref="ArgumentOutOfRangeException"/>). No content is kept: the model asks where bytes go, not what they say.
/// A request that fails leaves the device as if the failing part of it had not been asked for.
/// </remarks>
public interface IBlockDevice
{
    long LengthBytes { get; }

    DeviceLimits Limits { get; }

    /// <summary>What has arrived here since the device was made.</summary>
    IoCounters Counters { get; }

    IoStatus Read(long offsetBytes, long lengthBytes);

    IoStatus Write(long offsetBytes, long lengthBytes);

    /// <summary>Tells the device that the extent's content is not needed any more; it may or may not free anything.</summary>
    IoStatus Discard(long offsetBytes, long lengthBytes);

    /// <summary>Makes everything written so far durable; a thin pool commits its metadata here.</summary>
    IoStatus Flush();
}
