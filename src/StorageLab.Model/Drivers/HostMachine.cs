using StorageLab.Model.Blocks;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;

namespace StorageLab.Model.Drivers;

/// <summary>A freshly installed host: a disk with one file system, mounted where Docker keeps its root.</summary>
public sealed class HostMachine
{
    private HostMachine(HostSpec spec, NameTable names)
    {
        Spec = spec;
        Names = names;
        Disk = new Disk(spec.DiskBytes, spec.Profile, Clock);
        FileSystem = FileSystemFormat.Make(
            spec.FileSystem, Disk, spec.Kernel, isBaseDevice: false, spec.MkfsOptions, Clock, spec.InodeTableWaitMultiple);
        Root = new DockerRoot(FileSystem, names);
        Background = new BackgroundWork(Clock);
        Pace = new WorkPace(Clock, PassTimeUntil);
    }

    public HostSpec Spec { get; }

    public NameTable Names { get; }

    public VirtualClock Clock { get; } = new();

    public WorkPace Pace { get; }

    /// <summary>What the kernel does on its own for the file systems mounted here.</summary>
    public BackgroundWork Background { get; }

    /// <summary>Date and time on the host: where its clock began, and what its disk has worked since.</summary>
    public Timestamp Now => Spec.StartedAt.AddNanoseconds(Clock.NowNanoseconds);

    /// <summary>The disk that holds Docker's root.</summary>
    public Disk Disk { get; }

    /// <summary>The file system of Docker's root.</summary>
    public IFileSystem FileSystem { get; }

    public DockerRoot Root { get; }

    /// <summary>Deleted thin devices that something on the host holds open. udev looks at every device that was written or discarded, and whether it is
    /// through when Docker deletes the device is a race: none are held unless a recording says so (docker info, Deferred Deleted Device Count).</summary>
    public int HeldDeviceCount { get; set; }

    /// <summary>Whether a daemon told to stop is not through after 15 seconds and leaves as it is. Ten of them pass for containers whose process does not heed
    /// the signal; on a slow host with many containers the rest is not enough. Never, unless a recording says so.</summary>
    public bool IsShutdownForced { get; set; }

    /// <exception cref="ArgumentException">The disk is too small for its file system, or a mkfs option is unknown.</exception>
    public static HostMachine Install(HostSpec spec, NameTable names)
    {
        HostMachine host = new(spec, names);
        FsStatus status = host.FileSystem.Mount();
        if (status != FsStatus.Ok)
            throw new ArgumentException($"host {spec.Name}: its {spec.FileSystem} cannot be mounted: {ErrnoText.Of(status)}", nameof(spec));
        host.Background.Begin(host.FileSystem);
        return host;
    }

    /// <summary>Lets time pass until a moment, with what the kernel does in the meantime on its own.</summary>
    public void PassTimeUntil(long nanoseconds) => Background.RunUntil(nanoseconds);

    /// <summary>A second disk like the first, empty: what direct-lvm is given.</summary>
    public Disk AddDisk() => new(Spec.DiskBytes, Spec.Profile, Clock);
}
