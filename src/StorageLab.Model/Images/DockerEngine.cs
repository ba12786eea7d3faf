using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using StorageLab.Model.Constants;
using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Measurement;

namespace StorageLab.Model.Images;

/// <summary>The daemon: Docker's commands on images and containers, turned into graph-driver calls and files of its root.</summary>
/// <remarks>
/// A command that Docker would refuse is refused with Docker's text and changes nothing; one that runs out of space has been undone as far
/// as Docker undoes it. Source: daemon/create.go, start.go, delete.go, commit.go, images/image_pull.go, image/tarexport/load.go.
/// </remarks>
public sealed partial class DockerEngine
{
    /// <summary>What a container runs where nothing else is said.</summary>
    public const string DefaultProgram = "/bin/sh";

    /// <summary>Of a process that SIGKILL ended: 128 and the signal's number.</summary>
    [ModelConstant(ModelPart.Daemon, "exit code", "Linux include/uapi/asm-generic/signal.h: 128 + SIGKILL")]
    private const int KilledExitCode = 137;

    private readonly HostMachine _host;
    private readonly IGraphDriver _driver;
    private readonly DaemonFiles _files;
    private readonly IdSource _ids;
    private readonly ImageRemoval _removal;
    private readonly PathResolution _paths;

    /// <summary>Starts the daemon for the first time on a host whose driver is set up.</summary>
    /// <param name="seed">Decides the ids the daemon draws.</param>
    public DockerEngine(HostMachine host, IGraphDriver driver, ulong seed)
    {
        _host = host;
        _driver = driver;
        _ids = new IdSource(seed);
        _files = new DaemonFiles(host.Root, driver.Name, host.Spec.HasTemporaryFilesElsewhere);
        FsStatus status = _files.WriteFirstStart();
        if (status != FsStatus.Ok)
            throw new ArgumentException($"host {host.Spec.Name}: Docker cannot start on its disk: {ErrnoText.Of(status)}", nameof(host));
        Layers = new LayerStore(driver, host.Root, _ids);
        Images = new ImageStore(_files);
        Volumes = new VolumeStore(host);
        _removal = new ImageRemoval(Images, Layers, Containers);
        _paths = new PathResolution(host.Names);
    }

    public LayerStore Layers { get; }

    public ImageStore Images { get; }

    public ContainerStore Containers { get; } = new();

    public VolumeStore Volumes { get; }

    /// <summary>The time on the host.</summary>
    public Timestamp Now => _host.Now;

    /// <summary>Names of the paths in images and containers.</summary>
    public NameTable Names => _host.Names;

    /// <summary>An id as the daemon draws them, of 64 digits.</summary>
    public string NewId() => _ids.Next();

    /// <summary>docker pull of an image by its own tag.</summary>
    public DockerOutcome Pull(ImageDefinition definition) => Pull(definition, ImageName.Parse(definition.Tag), out _);

    /// <summary>docker pull: layers that are there are taken, the others come compressed and are unpacked; the reference moves.</summary>
    /// <param name="definition">What the registry has.</param>
    /// <param name="name">The tag or digest that was asked for; beside a tag the image gets its manifest's digest as a reference.</param>
    /// <param name="report">What had to be done; null when it failed.</param>
    /// <remarks>Source: distribution/pull_v2.go, pullV2Tag.</remarks>
    public DockerOutcome Pull(ImageDefinition definition, ImageName name, out PullReport? report)
    {
        report = null;
        List<bool> areLayersThere = [];
        bool isThere = Images.TryGet(definition.ImageId, out Image? image);
        DockerOutcome outcome = isThere ? DockerOutcome.Ok : Take(definition, layer => layer.CompressedBytes, areLayersThere, out image);
        if (!outcome.IsOk)
            return outcome;
        bool isKnown = Images.References.TryGet(name, out string? imageId) && imageId == definition.ImageId;
        image!.ManifestDigest ??= ImageManifest.Of(definition).Digest;
        FsStatus status = Images.SetReference(name with { Tag = null, Digest = image.ManifestDigest }, image.Id);
        if (status == FsStatus.Ok && !name.IsCanonical)
            status = Images.SetReference(name, image.Id);
        report = new PullReport(isThere, [.. areLayersThere], !isKnown);
        return DockerOutcome.From(status, "failed to save the tag: ");
    }

    /// <summary>docker load: as a pull, from an archive that holds the layers uncompressed, and without a digest.</summary>
    public DockerOutcome Load(ImageDefinition definition)
    {
        DockerOutcome outcome = Take(definition, layer => layer.Content.FileBytes, [], out Image? image);
        return outcome.IsOk && !definition.IsUntagged
            ? DockerOutcome.From(Images.SetReference(ImageName.Parse(definition.Tag), image!.Id), "failed to save the tag: ")
            : outcome;
    }

    /// <summary>docker import: one layer and nothing else becomes an image.</summary>
    /// <param name="name">Tag of the image; null for none.</param>
    public DockerOutcome Import(ImageLayer source, ImageConfiguration configuration, ImageName? name, out Image? image)
    {
        image = null;
        DriverOutcome outcome = Fetch(null, source, source.Content.FileBytes, out Layer? layer);
        return outcome.IsOk ? Save(configuration, layer, parentId: null, instruction: "", name, out image) : DockerOutcome.From(outcome);
    }

    public DockerOutcome Tag(string reference, string newReference)
    {
        if (ImageName.TryParse(newReference, out string? error) is not { } name)
            return DockerOutcome.Refused(error!);
        if (name is { Name: "docker.io/library/sha256" })
            return DockerOutcome.Refused("refusing to create an ambiguous tag using digest algorithm as name");
        return Images.Find(reference, out DockerOutcome refusal) is { } image ? Tag(image, name) : refusal;
    }

    public DockerOutcome Tag(Image image, ImageName name)
    {
        image.LastTagged = Now;
        return DockerOutcome.From(Images.Tag(name, image.Id), "failed to save the tag: ");
    }

    /// <param name="records">Takes what was removed, in Docker's order.</param>
    public DockerOutcome RemoveImage(string reference, bool force, List<RemovalRecord> records, bool prunesParents = true) =>
        _removal.Remove(reference, force, prunesParents, records).NamedAsTyped("image", reference);

    /// <summary>docker image prune: dangling images, or with <paramref name="all"/> every image that no container uses.</summary>
    /// <param name="all">Tagged images too.</param>
    /// <param name="records">Takes what was removed, in Docker's order.</param>
    /// <param name="includes">Which images may go; null for all.</param>
    public DockerOutcome PruneImages(bool all, List<RemovalRecord> records, Func<Image, bool>? includes = null) => _removal.Prune(all, includes, records);

    /// <summary>docker create, of a container that does what its image says.</summary>
    /// <param name="program">Path of what it will run.</param>
    public DockerOutcome CreateContainer(string reference, string name, out Container? container, string program = DefaultProgram) =>
        CreateContainer(new ContainerRequest { Reference = reference, Name = name, Program = program }, out container);

    /// <summary>docker create.</summary>
    public DockerOutcome CreateContainer(ContainerRequest request, out Container? container)
    {
        container = null;
        if (Images.Find(request.Reference, out DockerOutcome refusal) is not { } image)
            return refusal;
        if (!NamePattern().IsMatch(request.Name))
            return DockerOutcome.Refused($"Invalid container name ({request.Name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        if (Containers.TryGet(request.Name, out Container? other))
        {
            return DockerOutcome.Refused($"Conflict. The container name \"/{request.Name}\" is already in use by container \"{other!.Id}\". "
                + "You have to remove (or rename) that container to be able to reuse that name.");
        }

        string id = _ids.Next();
        DriverOutcome outcome = Layers.CreateMount(id, image.Top, out ContainerLayer? layer);
        if (!outcome.IsOk)
            return DockerOutcome.From(outcome);
        Container made = request.Make(id, image, layer!, Now);
        // create_unix.go mounts the new container once, to set up its working directory and volumes.
        outcome = _driver.Get(layer!.MountId, out _);
        if (outcome.IsOk)
            outcome = _driver.Put(layer.MountId);
        if (outcome.IsOk)
            outcome = DriverOutcome.From(_files.WriteContainer(id), "failed to save the container: ");
        if (!outcome.IsOk)
        {
            _files.RemoveContainer(id);
            _ = Layers.RemoveMount(id, layer);
            return DockerOutcome.From(outcome);
        }

        Containers.Add(made);
        container = made;
        return DockerOutcome.Ok;
    }

    public DockerOutcome Start(string name)
    {
        Container? container = Containers.Find(name, out DockerOutcome refusal);
        if (container is null)
            return refusal;
        return container.IsRunning ? DockerOutcome.Ok : Start(container);
    }

    public DockerOutcome Start(Container container)
    {
        DriverOutcome outcome = _driver.Get(container.Layer.MountId, out IMountedTree? tree);
        if (!outcome.IsOk)
            return DockerOutcome.From(outcome);
        FsStatus status = _files.WriteContainerStart(container.Id);
        if (status != FsStatus.Ok)
        {
            _ = _driver.Put(container.Layer.MountId);
            return DockerOutcome.From(status, "failed to save the container: ");
        }

        NoteStart(container, tree!);
        container.Tree = tree;
        container.Started = Now;
        Containers.CountRunning(+1);
        return DockerOutcome.Ok;
    }

    public DockerOutcome Stop(string name)
    {
        Container? container = Containers.Find(name, out DockerOutcome refusal);
        if (container is null)
            return refusal;
        return container.IsRunning ? Kill(container) : DockerOutcome.Ok;
    }

    public DockerOutcome RemoveContainer(string name, bool force)
    {
        Container? container = Containers.Find(name, out DockerOutcome refusal);
        if (container is null)
            return refusal.NamedAsTyped("container", name);
        if (container.IsRunning && !force)
        {
            return DockerOutcome.Refused(
                $"You cannot remove a running container {container.Id}. Stop the container before attempting removal or force remove");
        }

        return Remove(container);
    }

    /// <summary>docker container prune.</summary>
    public DockerOutcome PruneContainers()
    {
        foreach (Container container in Containers.All.Where(candidate => !candidate.IsRunning).ToImmutableArray())
        {
            DockerOutcome outcome = Remove(container);
            if (!outcome.IsOk)
                return outcome;
        }

        return DockerOutcome.Ok;
    }

    /// <summary>docker commit: the container's changes become a layer over its image; without changes there is none.</summary>
    /// <param name="container">Whose changes; it may run.</param>
    /// <param name="name">Tag of the new image; null leaves it untagged, as a build's intermediate images are.</param>
    /// <param name="description">What its configuration and history say.</param>
    /// <param name="image">The new image; null when it failed.</param>
    public DockerOutcome Commit(Container container, ImageName? name, CommitDescription description, out Image? image)
    {
        image = null;
        DriverOutcome outcome = _driver.Get(container.Layer.MountId, out IMountedTree? tree);
        if (!outcome.IsOk)
            return DockerOutcome.From(outcome);
        LayerContent content = container.Changes.ToLayer(tree!, _host.Names);
        outcome = _driver.Diff(container.Layer.MountId, container.Layer.InitId);
        DriverOutcome put = _driver.Put(container.Layer.MountId);
        outcome = outcome.IsOk ? put : outcome;
        Layer? top = null;
        string diffId = content.Entries.IsEmpty ? ContentIds.EmptyArchive : ContentIds.Of(
            description.ContentKey.Length > 0 ? description.ContentKey : string.Create(CultureInfo.InvariantCulture, $"{container.Id} {container.Changes.Version}"));
        if (outcome.IsOk)
            outcome = Layers.Register(container.Image.Top, new ImageLayer(diffId, content.FileBytes, content), out top);
        if (!outcome.IsOk)
            return DockerOutcome.From(outcome);
        bool isEmpty = content.Entries.IsEmpty;
        if (isEmpty)
            top = WithoutEmptyLayer(container.Image.Top, top!);
        return Save(description.Of(container, Now, isEmpty), top, container.Image.Id, description.CacheKey, name, out image);
    }

    /// <summary>Mounts the files of a container that may not run, for as long as something is done to them.</summary>
    public DockerOutcome WithMounted(Container container, Action<IMountedTree> work)
    {
        DriverOutcome outcome = _driver.Get(container.Layer.MountId, out IMountedTree? tree);
        if (!outcome.IsOk)
            return DockerOutcome.From(outcome);
        work(tree!);
        return DockerOutcome.From(_driver.Put(container.Layer.MountId));
    }

    /// <summary>docker system df, with or without -v: the size of every container is found by comparing it with its image (daemon/disk_usage.go).</summary>
    public DockerOutcome SystemDf()
    {
        foreach (Container container in Containers.All)
        {
            DriverOutcome outcome = _driver.DiffSize(container.Layer.MountId, container.Layer.InitId);
            if (!outcome.IsOk)
                return DockerOutcome.From(outcome);
            _host.Pace.Work(1);
        }

        return DockerOutcome.Ok;
    }

    /// <summary>docker ps -s: the size of one container.</summary>
    /// <param name="bytes">What its processes have written and is still there.</param>
    public DockerOutcome MeasureContainer(Container container, out long bytes)
    {
        DriverOutcome outcome = _driver.DiffSize(container.Layer.MountId, container.Layer.InitId);
        if (container.Tree is { } tree)
            container.LastKnownBytes = container.Changes.MeasureBytes(tree);
        bytes = container.LastKnownBytes;
        return DockerOutcome.From(outcome);
    }

    /// <summary>The daemon's restart without live-restore: running containers are stopped and stay so.</summary>
    /// <remarks>A daemon that was forced to leave has not written down that they stopped, nor taken down its driver's storage. The next one mounts every such
    /// container once (daemon/daemon.go, restore).</remarks>
    public DockerOutcome Restart()
    {
        ImmutableArray<Container> running = [.. Containers.All.Where(candidate => candidate.IsRunning)];
        foreach (Container container in running)
        {
            DockerOutcome outcome = Kill(container);
            if (!outcome.IsOk)
                return outcome;
        }

        _driver.Sync();
        if (!_host.IsShutdownForced)
        {
            _driver.Restart();
            return DockerOutcome.Ok;
        }

        foreach (Container container in running)
        {
            DriverOutcome outcome = _driver.Get(container.Layer.MountId, out _);
            if (outcome.IsOk)
                outcome = _driver.Put(container.Layer.MountId);
            if (!outcome.IsOk)
                return DockerOutcome.From(outcome);
        }

        return DockerOutcome.Ok;
    }

    /// <summary>Sizes of what all containers have written and still hold, in bytes.</summary>
    public long MeasureContainersBytes()
    {
        long bytes = 0;
        foreach (Container container in Containers.All)
        {
            if (container.Tree is { } tree)
                container.LastKnownBytes = container.Changes.MeasureBytes(tree);
            bytes += container.LastKnownBytes;
        }

        return bytes;
    }

    /// <summary>Reads what every start reads: the program, and the two files that say who the user is (daemon/oci_linux.go, getUser).</summary>
    private void NoteStart(Container container, IMountedTree tree)
    {
        foreach (string path in (string[])["/etc/passwd", "/etc/group", container.Program])
        {
            if (_paths.Resolve(tree, ContainerPath.Parse(_host.Names, path), followsLast: true, out ContainerPath resolved) == FsStatus.Ok)
                tree.NoteRead(resolved.Components.AsSpan());
        }
    }

    private DriverOutcome Fetch(Layer? parent, ImageLayer source, long temporaryBytes, out Layer? layer)
    {
        layer = null;
        if (Layers.TryGet(ContentIds.ChainId(parent?.ChainId, source.DiffId), out _))
            return Layers.Register(parent, source, out layer);
        _host.Pace.Work(LayerUnpacker.LayerWorkBytes / 2);
        DriverOutcome outcome = DriverOutcome.From(_files.WriteTemporary(temporaryBytes), "write /var/lib/docker/tmp: ");
        if (outcome.IsOk)
            outcome = Layers.Register(parent, source, out layer);
        _files.RemoveTemporary();
        return outcome;
    }

    /// <summary>docker diff: what the container has over its image.</summary>
    public DockerOutcome Diff(Container container) => DockerOutcome.From(_driver.Diff(container.Layer.MountId, container.Layer.InitId));

    /// <summary>Takes a start back whose program could not be run: the container is as if it had never started.</summary>
    public DockerOutcome Abort(Container container)
    {
        (Timestamp started, Timestamp finished) = (Timestamp.Never, container.Finished);
        DockerOutcome outcome = Stop(container, exitCode: 0);
        (container.Started, container.Finished) = (started, finished);
        return outcome;
    }

    /// <summary>The container's process ends.</summary>
    public DockerOutcome Stop(Container container, int exitCode)
    {
        container.LastKnownBytes = container.Changes.MeasureBytes(container.Tree!);
        DriverOutcome outcome = _driver.Put(container.Layer.MountId);
        container.Tree = null;
        container.Finished = Now;
        container.ExitCode = exitCode;
        container.Ends = Timestamp.Never;
        Containers.CountRunning(-1);
        FsStatus status = _files.WriteContainerExit(container.Id);
        return outcome.IsOk ? DockerOutcome.From(status, "failed to save the container: ") : DockerOutcome.From(outcome);
    }

    /// <summary>Stops a container as a user or the daemon's end does: what is meant to happen is saved before the signal and after it (daemon/stop.go,
    /// daemon/kill.go).</summary>
    private DockerOutcome Kill(Container container)
    {
        _ = _files.Checkpoint(container.Id);
        _ = _files.Checkpoint(container.Id);
        return Stop(container, KilledExitCode);
    }

    private DockerOutcome Remove(Container container)
    {
        // A kill cannot be refused for what the disk says; the removal goes on and frees what it can.
        if (container.IsRunning)
        {
            _ = _files.Checkpoint(container.Id);
            _ = Stop(container, KilledExitCode);
        }

        _ = _files.Checkpoint(container.Id);
        DriverOutcome outcome = Layers.RemoveMount(container.Id, container.Layer);
        if (!outcome.IsOk)
            return DockerOutcome.From(outcome with { Error = $"container {container.Id}: driver \"{_driver.Name}\" failed to remove root filesystem: {outcome.Error}" });
        _files.RemoveContainer(container.Id);
        Containers.Remove(container);
        return DockerOutcome.Ok;
    }

    /// <summary>Gives up a layer without entries for the one below: an image does not keep it (image/image.go, NewChildImage).</summary>
    private Layer? WithoutEmptyLayer(Layer? below, Layer empty)
    {
        if (below is not null)
            LayerStore.Retain(below);
        ReleaseTransient(empty);
        return below;
    }

    /// <summary>What there is to do for the layers that are not there yet.</summary>
    private long WorkBytesOf(ImageDefinition definition)
    {
        long bytes = 0;
        string? chainId = null;
        foreach (ImageLayer layer in definition.Layers)
        {
            chainId = ContentIds.ChainId(chainId, layer.DiffId);
            if (!Layers.TryGet(chainId, out _))
                bytes += LayerUnpacker.WorkBytes(layer.Content);
        }

        return bytes;
    }

    private DockerOutcome Take(ImageDefinition definition, Func<ImageLayer, long> temporaryBytes, List<bool> areLayersThere, out Image? image)
    {
        image = null;
        long archiveBytes = definition.Layers.Sum(layer => layer.Content.FileBytes);
        _host.Pace.Plan(archiveBytes + WorkBytesOf(definition));
        _host.Pace.Work(archiveBytes);
        Layer? top = null;
        foreach (ImageLayer source in definition.Layers)
        {
            areLayersThere.Add(Layers.TryGet(ContentIds.ChainId(top?.ChainId, source.DiffId), out _));
            DriverOutcome outcome = Fetch(top, source, temporaryBytes(source), out Layer? layer);
            ReleaseTransient(top);
            if (!outcome.IsOk)
                return DockerOutcome.FromStream(outcome);
            top = layer;
        }

        if (Images.TryGet(definition.ImageId, out image))
        {
            ReleaseTransient(top);
            // The configuration is written again before the store looks whether it has it (image/store.go, Create; image/fs.go, Set).
            return DockerOutcome.From(_files.WriteImage(image!.Id), "failed to save the image: ");
        }

        image = new Image { Id = definition.ImageId, Top = top, Configuration = definition.Configuration };
        return Keep(image);
    }

    private DockerOutcome Save(ImageConfiguration configuration, Layer? top, string? parentId, string instruction, ImageName? name, out Image? image)
    {
        image = new Image { Id = ContentIds.Prefix + _ids.Next(), Top = top, Configuration = configuration, ParentId = parentId, Instruction = instruction };
        DockerOutcome outcome = Keep(image);
        return outcome.IsOk && name is not null ? Tag(image, name) : outcome;
    }

    private DockerOutcome Keep(Image image)
    {
        FsStatus status = Images.Add(image);
        if (status != FsStatus.Ok)
            ReleaseTransient(image.Top);
        return DockerOutcome.From(status, "failed to save the image: ");
    }

    private void ReleaseTransient(Layer? layer)
    {
        if (layer is not null)
            _ = Layers.Release(layer, []);
    }

    /// <summary>Names of containers have two characters at least (daemon/names/names.go, RestrictedNamePattern).</summary>
    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]+$")]
    private static partial Regex NamePattern();
}
