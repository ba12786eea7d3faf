using StorageLab.Model.Images;
using StorageLab.Model.Replay;

namespace StorageLab.Shell.Docker;

/// <summary>A lab host as Docker's client sees it: its daemon, what it can pull and load, and what time it is there.</summary>
/// <param name="lab">The host with its driver and daemon.</param>
/// <param name="images">Its registry and archives.</param>
/// <param name="startedAt">Date and time at which the host's virtual clock began.</param>
public sealed class DockerHost(LabHost lab, IImageSource images, DateTimeOffset startedAt)
{
    public LabHost Lab => lab;

    public DockerEngine Engine => lab.Engine;

    public IImageSource Images => images;

    /// <summary>The time on the host: it goes on as its disk works and as one waits.</summary>
    public DateTimeOffset Now => startedAt.AddTicks(lab.Machine.Clock.NowNanoseconds / TimeSpan.NanosecondsPerTick);

    /// <summary>What the last command did to the host; null when it only looked.</summary>
    public DockerStep? Step { get; set; }
}
