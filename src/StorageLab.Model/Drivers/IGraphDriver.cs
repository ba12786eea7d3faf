using StorageLab.Model.Blocks;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;

namespace StorageLab.Model.Drivers;

/// <summary>moby's graph-driver verbs: what a storage driver does for the layer store.</summary>
/// <remarks>
/// Layers are known by cache id, 64 hexadecimal digits drawn per host. A call that fails has undone what it did, apart from space
/// a full device could not give back. Source: daemon/graphdriver/driver.go.
/// </remarks>
public interface IGraphDriver
{
    /// <summary>"devicemapper" or "overlay2", as docker info prints it.</summary>
    string Name { get; }

    /// <summary>Whether <see cref="ApplyDiff"/> counts symbolic links' targets into a layer's size (overlay2 does, by walking the directory).</summary>
    bool CountsSymlinks { get; }

    /// <summary>What <c>docker info</c> says of the driver.</summary>
    DriverStatus Status { get; }

    /// <summary>What <c>docker inspect</c> says of a layer (moby's GetMetadata).</summary>
    IReadOnlyDictionary<string, string> GetMetadata(string id);

    /// <summary>Makes an empty layer over a parent: a snapshot, or a directory.</summary>
    DriverOutcome Create(string id, string? parent);

    /// <summary>As <see cref="Create"/>, for a container (or its -init layer).</summary>
    DriverOutcome CreateReadWrite(string id, string? parent);

    /// <summary>Unpacks an archive into a layer made before.</summary>
    DriverOutcome ApplyDiff(string id, LayerContent content);

    /// <summary>Mounts a layer; counted, so every success needs one <see cref="Put"/>.</summary>
    DriverOutcome Get(string id, out IMountedTree? tree);

    DriverOutcome Put(string id);

    /// <summary>Reads what the layer has over its parent, for a commit: devicemapper mounts both and walks them, overlay2 has it at hand.</summary>
    DriverOutcome Diff(string id, string parent);

    /// <summary>Finds the size of what the layer has over its parent, for <c>docker system df</c> and <c>docker ps -s</c>.</summary>
    DriverOutcome DiffSize(string id, string parent);

    DriverOutcome Remove(string id);

    /// <summary>sync(2): every mounted file system writes back, the host's last. As the system call, it reports no error.</summary>
    void Sync();

    /// <summary>What a stop of the daemon and its next start do to the driver's storage, once no container runs any more.</summary>
    void Restart();

    /// <summary>Drops what every mounted file system has cached, the host's last.</summary>
    void DropCaches();

    /// <summary>Checks that every part of the stack agrees with itself; throws <see cref="InvalidOperationException"/> naming what does not. For tests.</summary>
    void CheckInvariants();

    /// <summary>Writes the driver's measures into a sample that is being taken.</summary>
    Sample Observe(Sample sample);

    /// <summary>What has arrived at a floor of the driver's stack so far; null where the stack has no such floor.</summary>
    IoCounters? CountersAt(Floor floor);
}
