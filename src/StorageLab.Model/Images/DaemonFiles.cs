using StorageLab.Model.Constants;
using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;

namespace StorageLab.Model.Images;

/// <summary>The files the daemon keeps of images and containers in its root, with the sizes they have on real hosts.</summary>
/// <remarks>
/// Which files: recorded runs, host_fs_used_inodes step by step: 6 inodes a layer (5 without a parent, LayerStore), 1 an image, 15 a running
/// container and 14 a stopped one. Sizes: all under one 4 KiB block on a real host but the databases, so only their number of blocks matters.
/// </remarks>
public sealed class DaemonFiles(DockerRoot root, string driverName, bool hasTemporaryFilesElsewhere)
{
    /// <summary>An image's configuration.</summary>
    [ModelConstant(ModelPart.Daemon, "bytes", "recorded run S1-loop-lvm: under one 4 KiB block, so only the number of files matters")]
    private const long ImageConfigBytes = 1500;

    /// <summary>What is kept beside an image: its parent's id, or a time.</summary>
    [ModelConstant(ModelPart.Daemon, "bytes", "moby image/store.go: SetParent, sha256: and 64 digits")]
    private const long ImageMetadataBytes = 71;

    /// <summary>A container's config.v2.json.</summary>
    [ModelConstant(ModelPart.Daemon, "bytes", "recorded run S1-loop-lvm: under one 4 KiB block, so only the number of files matters")]
    private const long ContainerConfigBytes = 2600;

    /// <summary>A container's hostconfig.json.</summary>
    [ModelConstant(ModelPart.Daemon, "bytes", "recorded run S1-loop-lvm: under one 4 KiB block, so only the number of files matters")]
    private const long HostConfigBytes = 1400;

    /// <summary>A reference in repositories.json.</summary>
    [ModelConstant(ModelPart.Daemon, "bytes", "moby reference/store.go: name, digest and punctuation")]
    private const long ReferenceBytes = 100;

    /// <summary>Transactions in which a container's network sandbox is set up, and in which it is taken down.</summary>
    [ModelConstant(ModelPart.Daemon, "transactions", "recorded: dockerd 20.10.24 under strace, containers without a network")]
    private const int SandboxTransactionCount = 4;

    /// <summary>Pages of such a transaction: 3 with one container, 4 with two.</summary>
    [ModelConstant(ModelPart.Daemon, "pages", "recorded: dockerd 20.10.24 under strace, containers without a network")]
    private const int SandboxPageCount = 4;

    private const string NetworkDatabase = "network/files/local-kv.db";
    private const string ContainerDatabase = "containerd/daemon/io.containerd.metadata.v1.bolt/meta.db";
    private const string TemporaryDirectory = "tmp";

    /// <summary>containerd's transactions at a container's start.</summary>
    [ModelConstant(ModelPart.Daemon, "pages", "recorded: dockerd 20.10.24 under strace")]
    private static readonly (string Transaction, int PageCount)[] StartTransactions = [("lease", 6), ("container", 10), ("end of lease", 4), ("garbage", 1)];

    /// <summary>containerd's transactions at a container's end.</summary>
    [ModelConstant(ModelPart.Daemon, "pages", "recorded: dockerd 20.10.24 under strace")]
    private static readonly (string Transaction, int PageCount)[] ExitTransactions = [("container", 5), ("garbage", 1)];

    private readonly DockerRoot _containers = root.Below("containers");
    private readonly DockerRoot _tasks = root.Below("containerd/daemon/io.containerd.runtime.v2.task/moby");
    private readonly DockerRoot _images = root.Below($"image/{driverName}");
    private readonly DockerRoot _imageConfigs = root.Below($"image/{driverName}/imagedb/content/sha256");
    private readonly DockerRoot _imageMetadata = root.Below($"image/{driverName}/imagedb/metadata/sha256");

    /// <summary>Directories of a fresh root (du of recorded runs, and moby's own: daemon.go, buildkit, containerd, plugins).</summary>
    private static readonly string[] Directories =
    [
        "buildkit/content/ingest", "buildkit/executor",
        "containerd/daemon/io.containerd.content.v1.content/ingest", "containerd/daemon/io.containerd.metadata.v1.bolt",
        "containerd/daemon/io.containerd.runtime.v1.linux", "containerd/daemon/io.containerd.runtime.v2.task",
        "containerd/daemon/io.containerd.snapshotter.v1.btrfs", "containerd/daemon/io.containerd.snapshotter.v1.native/snapshots",
        "containerd/daemon/io.containerd.snapshotter.v1.overlayfs/snapshots",
        "containerd/daemon/tmpmounts", "containers", "network/files", "plugins/storage/ingest", "plugins/tmp",
        "runtimes", "swarm", "trust", "volumes",
    ];

    /// <summary>bbolt databases of a fresh root and what they occupy at first.</summary>
    [ModelConstant(ModelPart.Daemon, "bytes", "recorded: find -printf %b on a fresh root of Docker 20.10.24")]
    private static readonly (string Path, long Bytes)[] Databases =
    [
        ("buildkit/cache.db", 24576), ("buildkit/containerdmeta.db", 16384), ("buildkit/metadata_v2.db", 16384), ("buildkit/snapshots.db", 16384),
        (ContainerDatabase, 24576), (NetworkDatabase, 28672),
        ("volumes/metadata.db", 24576), ("volumes/backingFsBlockDev", 0),
    ];

    /// <summary>Files that every start of a container writes anew, beside its log.</summary>
    [ModelConstant(ModelPart.Daemon, "bytes", "recorded run S1-loop-lvm: host_fs_used_inodes; moby daemon/container_operations_unix.go")]
    private static readonly (string Name, long Bytes)[] StartFiles =
        [("hostname", 13), ("hosts", 174), ("resolv.conf", 60), ("resolv.conf.hash", 71)];

    private readonly BoltDatabase _networks = new(root, NetworkDatabase);
    private readonly BoltDatabase _containerd = new(root, ContainerDatabase);

    /// <summary>What the first start of the daemon leaves in an empty root.</summary>
    public FsStatus WriteFirstStart()
    {
        foreach (string directory in Directories.Append($"image/{driverName}/distribution").Append($"image/{driverName}/imagedb/content/sha256")
            .Append($"image/{driverName}/imagedb/metadata/sha256").Append($"image/{driverName}/layerdb"))
        {
            FsStatus made = root.MakeDirectory(directory, out _);
            if (made != FsStatus.Ok)
                return made;
        }

        if (!hasTemporaryFilesElsewhere && root.MakeDirectory(TemporaryDirectory, out _) is var temporary and not FsStatus.Ok)
            return temporary;
        foreach ((string path, long bytes) in Databases)
        {
            FsStatus written = root.WriteFile(path, bytes);
            if (written != FsStatus.Ok)
                return written;
        }

        return _images.ReplaceFile("repositories.json", ReferenceBytes);
    }

    /// <summary>Keeps a download, or an archive's unpacked layer, until its layer is registered (distribution/pull_v2.go, image/tarexport/load.go).</summary>
    public FsStatus WriteTemporary(long lengthBytes) =>
        hasTemporaryFilesElsewhere ? FsStatus.Ok : root.WriteFile($"{TemporaryDirectory}/blob", lengthBytes);

    public void RemoveTemporary()
    {
        if (!hasTemporaryFilesElsewhere)
            root.Remove($"{TemporaryDirectory}/blob");
    }

    public FsStatus WriteImage(string imageId) =>
        _imageConfigs.ReplaceFile(ContentIds.Hex(imageId), ImageConfigBytes);

    /// <summary>Keeps a word about an image beside it: <c>parent</c>, or <c>lastUpdated</c> (image/fs.go, SetMetadata).</summary>
    public FsStatus WriteImageMetadata(string imageId, string key)
    {
        string directory = ContentIds.Hex(imageId);
        FsStatus status = _imageMetadata.MakeDirectory(directory, out _);
        return status == FsStatus.Ok ? _imageMetadata.ReplaceFile($"{directory}/{key}", ImageMetadataBytes) : status;
    }

    public void RemoveImage(string imageId)
    {
        _imageMetadata.Remove(ContentIds.Hex(imageId));
        _imageConfigs.Remove(ContentIds.Hex(imageId));
    }

    public FsStatus WriteReferences(int count) =>
        _images.ReplaceFile("repositories.json", ReferenceBytes * (count + 1));

    /// <summary>docker create (daemon/create.go): the host configuration, then everything twice.</summary>
    public FsStatus WriteContainer(string containerId)
    {
        FsStatus status = _containers.MakeDirectory($"{containerId}/checkpoints", out _);
        if (status == FsStatus.Ok)
            status = _containers.MakeDirectory($"{containerId}/mounts", out _);
        if (status == FsStatus.Ok)
            status = WriteHostConfig(containerId);
        if (status == FsStatus.Ok)
            status = Checkpoint(containerId);
        return status == FsStatus.Ok ? Checkpoint(containerId) : status;
    }

    /// <summary>What the daemon writes each time a container's state changes (container/container.go, CheckpointTo).</summary>
    public FsStatus Checkpoint(string containerId)
    {
        FsStatus status = WriteHostConfig(containerId);
        return status == FsStatus.Ok ? _containers.ReplaceFile($"{containerId}/config.v2.json", ContainerConfigBytes) : status;
    }

    /// <summary>Files that every start writes anew, and what it stores of the network and with containerd.</summary>
    public FsStatus WriteContainerStart(string containerId)
    {
        FsStatus status = CommitNetworks(SandboxTransactionCount);
        foreach ((string name, long bytes) in StartFiles.Append(($"{containerId}-json.log", 0)))
        {
            if (status == FsStatus.Ok)
                status = _containers.WriteFile($"{containerId}/{name}", bytes);
        }

        if (status == FsStatus.Ok)
            status = WriteHostConfig(containerId);
        if (status == FsStatus.Ok)
            status = CommitContainerd(StartTransactions);
        if (status == FsStatus.Ok)
            status = CommitNetworks(1);
        if (status == FsStatus.Ok)
            status = Checkpoint(containerId);
        return status == FsStatus.Ok
            ? _tasks.MakeDirectory(containerId, out _)
            : status;
    }

    /// <summary>What a container's end leaves, whatever ended it (daemon/monitor.go, handleContainerExit).</summary>
    public FsStatus WriteContainerExit(string containerId)
    {
        _tasks.Remove(containerId);
        FsStatus status = CommitNetworks(SandboxTransactionCount);
        if (status == FsStatus.Ok)
            status = CommitContainerd(ExitTransactions);
        return status == FsStatus.Ok ? Checkpoint(containerId) : status;
    }

    public void RemoveContainer(string containerId) => _containers.Remove(containerId);

    private FsStatus WriteHostConfig(string containerId) => _containers.ReplaceFile($"{containerId}/hostconfig.json", HostConfigBytes);

    private FsStatus CommitNetworks(int count)
    {
        var status = FsStatus.Ok;
        for (var number = 0; number < count && status == FsStatus.Ok; number++)
            status = _networks.Commit(SandboxPageCount);
        return status;
    }

    private FsStatus CommitContainerd((string Transaction, int PageCount)[] transactions)
    {
        var status = FsStatus.Ok;
        foreach ((_, int pageCount) in transactions)
        {
            if (status == FsStatus.Ok)
                status = _containerd.Commit(pageCount);
        }

        return status;
    }
}
