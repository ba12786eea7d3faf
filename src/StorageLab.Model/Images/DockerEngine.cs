using System.Collections.Immutable;
using System.Text.RegularExpressions;
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
        Images = new ImageStore(Layers, _files);
        _removal = new ImageRemoval(Images, Containers);
        _paths = new PathResolution(host.Names);
    }

    public LayerStore Layers { get; }

    public ImageStore Images { get; }

    public ContainerStore Containers { get; } = new();

    /// <summary>docker pull: layers that are there are taken, the others come compressed and are unpacked; the tag moves.</summary>
    public DockerOutcome Pull(ImageDefinition definition) => Take(definition, layer => layer.CompressedBytes);

    /// <summary>docker load: as a pull, from an archive that holds the layers uncompressed.</summary>
    public DockerOutcome Load(ImageDefinition definition) => Take(definition, layer => layer.Content.FileBytes);

    private DockerOutcome Take(ImageDefinition definition, Func<ImageLayer, long> temporaryBytes)
    {
        long archiveBytes = definition.Layers.Sum(layer => layer.Content.FileBytes);
        _host.Pace.Plan(archiveBytes + WorkBytesOf(definition));
        _host.Pace.Work(archiveBytes);
        Layer? top = null;
        foreach (ImageLayer source in definition.Layers)
        {
            DriverOutcome outcome = Fetch(top, source, temporaryBytes(source), out Layer? layer);
            ReleaseTransient(top);
            if (!outcome.IsOk)
                return DockerOutcome.FromStream(outcome);
            top = layer;
        }

        if (Images.TryGet(definition.ImageId, out _))
            ReleaseTransient(top);
        else if (Images.Add(new Image { Id = definition.ImageId, Top = top }) is var status and not FsStatus.Ok)
            return Undo(top, status, "failed to save the image: ");
        return DockerOutcome.From(Images.SetTag(definition.Tag, definition.ImageId), "failed to save the tag: ");
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

    public DockerOutcome Tag(string reference, string newReference) =>
        Images.TryFind(reference, out Image? image)
            ? DockerOutcome.From(Images.Tag(newReference, image!.Id), "failed to save the tag: ")
            : DockerOutcome.Refused($"No such image: {ReferenceStore.Normalize(reference)}");

    public DockerOutcome RemoveImage(string reference, bool force, List<string> records) => _removal.Remove(reference, force, records);

    /// <summary>docker image prune: dangling images, or with <paramref name="all"/> every image that no container uses.</summary>
    public DockerOutcome PruneImages(bool all, List<string> records)
    {
        ImmutableArray<Image> candidates = [.. Images.All.Where(image => all ? Containers.FirstUsing(image.Id) is null : Images.IsDangling(image.Id))];
        foreach (Image image in candidates)
        {
            if (!Images.TryGet(image.Id, out _))
                continue;
            DockerOutcome outcome = all ? RemoveWithTags(image, records) : _removal.RemoveQuietly(image, records);
            if (outcome.Result == StepResult.Failed)
                return outcome;
        }

        return DockerOutcome.Ok;
    }

    /// <summary>docker create.</summary>
    /// <param name="program">Path of what it will run.</param>
    public DockerOutcome CreateContainer(string reference, string name, out Container? container, string program = DefaultProgram)
    {
        container = null;
        if (!Images.TryFind(reference, out Image? image))
            return DockerOutcome.Refused($"No such image: {ReferenceStore.Normalize(reference)}");
        if (!NamePattern().IsMatch(name))
            return DockerOutcome.Refused($"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        if (Containers.TryGet(name, out Container? other))
        {
            return DockerOutcome.Refused(
                $"Conflict. The container name \"/{name}\" is already in use by container \"{other!.Id}\". You have to remove (or rename) that container to be able to reuse that name.");
        }

        string id = _ids.Next();
        DriverOutcome outcome = Layers.CreateMount(id, image!.Top, out ContainerLayer? layer);
        if (!outcome.IsOk)
            return DockerOutcome.From(outcome);
        Container made = new() { Id = id, Name = name, Image = image, ImageReference = reference, Layer = layer!, Program = program };
        // create_unix.go mounts the new container once, to set up its working directory and volumes.
        outcome = _driver.Get(layer!.MountId, out _);
        if (outcome.IsOk)
            outcome = _driver.Put(layer.MountId);
        if (outcome.IsOk)
            outcome = DriverOutcome.From(_files.WriteContainer(id), "failed to save the container: ");
        if (!outcome.IsOk)
        {
            _files.RemoveContainer(id);
            _ = Layers.RemoveMount(id, layer, []);
            return DockerOutcome.From(outcome);
        }

        Containers.Add(made);
        container = made;
        return DockerOutcome.Ok;
    }

    public DockerOutcome Start(string name)
    {
        if (!Containers.TryGet(name, out Container? container))
            return DockerOutcome.Refused($"No such container: {name}");
        return container!.IsRunning ? DockerOutcome.Ok : Start(container);
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
        Containers.CountRunning(+1);
        return DockerOutcome.Ok;
    }

    public DockerOutcome Stop(string name)
    {
        if (!Containers.TryGet(name, out Container? container))
            return DockerOutcome.Refused($"No such container: {name}");
        return container!.IsRunning ? Stop(container) : DockerOutcome.Ok;
    }

    public DockerOutcome RemoveContainer(string name, bool force)
    {
        if (!Containers.TryGet(name, out Container? container))
            return DockerOutcome.NotFound($"No such container: {name}");
        if (container!.IsRunning && !force)
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

    /// <summary>docker commit: the container's changes become a layer over its image.</summary>
    /// <param name="newReference">Tag of the new image; null leaves it untagged, as a build's intermediate images are.</param>
    /// <param name="instruction">What made the changes, for the build cache; empty for a plain commit.</param>
    public DockerOutcome Commit(Container container, string? newReference, string instruction, out Image? image)
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
        string diffId = content.Entries.IsEmpty ? ContentIds.EmptyArchive : ContentIds.Prefix + _ids.Next();
        if (outcome.IsOk)
            outcome = Layers.Register(container.Image.Top, new ImageLayer(diffId, content.FileBytes, content), out top);
        if (!outcome.IsOk)
            return DockerOutcome.From(outcome);
        if (content.Entries.IsEmpty)
            top = WithoutEmptyLayer(container.Image.Top, top!);
        Image made = new() { Id = ContentIds.Prefix + _ids.Next(), Top = top, ParentId = container.Image.Id, Instruction = instruction };
        FsStatus status = Images.Add(made);
        if (status != FsStatus.Ok)
            return Undo(top, status, "failed to save the image: ");
        image = made;
        return newReference is null ? DockerOutcome.Ok : DockerOutcome.From(Images.Tag(newReference, made.Id), "failed to save the tag: ");
    }

    /// <summary>docker system df, with or without -v: the size of every container is found by comparing it with its image (daemon/disk_usage.go).</summary>
    public DockerOutcome SystemDf()
    {
        foreach (Container container in Containers.All)
        {
            DriverOutcome outcome = _driver.DiffSize(container.Layer.MountId, container.Layer.InitId);
            if (!outcome.IsOk)
                return DockerOutcome.From(outcome);
        }

        return DockerOutcome.Ok;
    }

    /// <summary>The daemon's restart without live-restore: running containers are stopped and stay so.</summary>
    public DockerOutcome Restart()
    {
        foreach (Container container in Containers.All.Where(candidate => candidate.IsRunning).ToImmutableArray())
        {
            DockerOutcome outcome = Stop(container);
            if (!outcome.IsOk)
                return outcome;
        }

        _driver.Sync();
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

    private DockerOutcome RemoveWithTags(Image image, List<string> records)
    {
        foreach (string tag in Images.References.TagsOf(image.Id))
        {
            DockerOutcome outcome = _removal.Remove(tag, force: false, records);
            if (!outcome.IsOk)
                return outcome;
        }

        return Images.TryGet(image.Id, out _) ? _removal.RemoveQuietly(image, records) : DockerOutcome.Ok;
    }

    private DockerOutcome Stop(Container container)
    {
        _ = MeasureContainersBytes();
        DriverOutcome outcome = _driver.Put(container.Layer.MountId);
        container.Tree = null;
        Containers.CountRunning(-1);
        FsStatus status = _files.WriteContainerStop(container.Id);
        return outcome.IsOk ? DockerOutcome.From(status, "failed to save the container: ") : DockerOutcome.From(outcome);
    }

    private DockerOutcome Remove(Container container)
    {
        // A kill cannot be refused for what the disk says; the removal goes on and frees what it can.
        if (container.IsRunning)
            _ = Stop(container);
        DriverOutcome outcome = Layers.RemoveMount(container.Id, container.Layer, []);
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

    private DockerOutcome Undo(Layer? top, FsStatus status, string prefix)
    {
        ReleaseTransient(top);
        return DockerOutcome.From(status, prefix);
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
