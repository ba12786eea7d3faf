using StorageLab.Model.Constants;
using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;

namespace StorageLab.Model.Images;

/// <summary>moby's layer store: content-addressed layers with reference counts over a graph driver.</summary>
/// <remarks>
/// A layer lives while an image, a child or a container needs it; what the last one releases goes from the top down.
/// Source: layer/layer_store.go, layer/filestore.go.
/// </remarks>
public sealed class LayerStore
{
    /// <summary>Deepest chain the store takes.</summary>
    [ModelConstant(ModelPart.Daemon, "layers", "moby layer/layer_store.go: maxLayerDepth")]
    private const int DepthMax = 125;

    /// <summary>tar-split.json.gz per entry of the archive.</summary>
    [ModelConstant(ModelPart.Daemon, "bytes", "recorded: 6,941 bytes for 204 entries, docker import on Docker 20.10.24")]
    private const int TarSplitEntryBytes = 34;

    /// <summary>Where a layer's files are until it is registered; it is there before the layer is unpacked (layer/filestore.go, StartTransaction).</summary>
    private const string WriteSet = "tmp/write-set";

    private const string TarSplit = "tar-split.json.gz";

    private readonly IGraphDriver _driver;
    private readonly InitLayer _initLayer;
    private readonly DockerRoot _home;
    private readonly DockerRoot _mounts;
    private readonly DockerRoot _records;
    private readonly IdSource _ids;
    private readonly Dictionary<string, Layer> _layers = new(StringComparer.Ordinal);

    public LayerStore(IGraphDriver driver, DockerRoot root, IdSource ids)
    {
        _driver = driver;
        _ids = ids;
        _initLayer = new InitLayer(root.Names);
        _home = root.Below($"image/{driver.Name}/layerdb");
        _mounts = _home.Below("mounts");
        _records = _home.Below("sha256");
    }

    public int Count => _layers.Count;

    /// <summary>Sizes of all layers, each once, in bytes.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>File content unpacked into layers so far, in bytes.</summary>
    public long UnpackedBytes { get; private set; }

    /// <summary>All layers, in the order in which they came.</summary>
    public IReadOnlyCollection<Layer> All => _layers.Values;

    public bool TryGet(string chainId, out Layer? layer) => _layers.TryGetValue(chainId, out layer);

    /// <summary>Takes one reference to a layer.</summary>
    public static void Retain(Layer layer) => layer.ReferenceCount++;

    /// <summary>Unpacks a layer over its parent and registers it with one reference, or takes a reference to the one that is there.</summary>
    /// <param name="layer">The registered layer; null when the call failed, and then nothing is left of it.</param>
    public DriverOutcome Register(Layer? parent, ImageLayer source, out Layer? layer)
    {
        string chainId = ContentIds.ChainId(parent?.ChainId, source.DiffId);
        if (_layers.TryGetValue(chainId, out layer))
        {
            Retain(layer);
            return DriverOutcome.Ok;
        }

        if (parent is not null && parent.Depth >= DepthMax)
            return DriverOutcome.Refused("max depth exceeded");
        string cacheId = _ids.Next();
        DriverOutcome outcome = _driver.Create(cacheId, parent?.CacheId);
        if (!outcome.IsOk)
            return outcome;
        outcome = DriverOutcome.From(_home.WriteFile($"{WriteSet}/{TarSplit}", 0), "failed to register layer: ");
        if (outcome.IsOk)
            outcome = _driver.ApplyDiff(cacheId, source.Content);
        UnpackedBytes += source.Content.FileBytes;
        if (outcome.IsOk)
            outcome = DriverOutcome.From(Record(chainId, parent, source.Content), "failed to register layer: ");
        if (!outcome.IsOk)
        {
            _ = _driver.Remove(cacheId);
            _home.Remove(WriteSet);
            return outcome;
        }

        long sizeBytes = source.Content.FileBytes + (_driver.CountsSymlinks ? source.Content.SymlinkBytes : 0);
        layer = new Layer(chainId, source, cacheId, parent, sizeBytes) { ReferenceCount = 1 };
        if (parent is not null)
            Retain(parent);
        _layers.Add(chainId, layer);
        TotalBytes += sizeBytes;
        return outcome;
    }

    /// <summary>Gives one reference back; layers that nothing needs any more are removed, top down.</summary>
    /// <param name="removedLayers">Takes the removed layers, in order.</param>
    public DriverOutcome Release(Layer layer, List<Layer> removedLayers)
    {
        for (Layer? current = layer; current is not null; current = current.Parent)
        {
            current.ReferenceCount--;
            if (current.ReferenceCount > 0)
                break;
            DriverOutcome outcome = _driver.Remove(current.CacheId);
            if (!outcome.IsOk)
            {
                current.ReferenceCount++;
                return outcome;
            }

            _records.Remove(ContentIds.Hex(current.ChainId));
            _layers.Remove(current.ChainId);
            TotalBytes -= current.SizeBytes;
            removedLayers.Add(current);
        }

        return DriverOutcome.Ok;
    }

    /// <summary>Makes a container's layers over an image's top layer: the -init layer with the files every container gets, and the container's own.</summary>
    public DriverOutcome CreateMount(string containerId, Layer? parent, out ContainerLayer? mount)
    {
        mount = null;
        string mountId = _ids.Next();
        string initId = mountId + "-init";
        DriverOutcome outcome = _driver.CreateReadWrite(initId, parent?.CacheId);
        if (!outcome.IsOk)
            return outcome;
        outcome = _initLayer.Fill(_driver, initId);
        if (outcome.IsOk)
            outcome = _driver.CreateReadWrite(mountId, initId);
        if (!outcome.IsOk)
        {
            _ = _driver.Remove(initId);
            return outcome;
        }

        FsStatus status = _mounts.WriteFile($"{containerId}/mount-id", mountId.Length);
        if (status == FsStatus.Ok)
            status = _mounts.WriteFile($"{containerId}/init-id", initId.Length);
        if (status == FsStatus.Ok && parent is not null)
            status = _mounts.WriteFile($"{containerId}/parent", parent.ChainId.Length);
        mount = new ContainerLayer(mountId, initId, parent);
        if (parent is not null)
            Retain(parent);
        if (status == FsStatus.Ok)
            return DriverOutcome.Ok;
        _ = RemoveMount(containerId, mount);
        mount = null;
        return DriverOutcome.From(status, "failed to create the container's layer: ");
    }

    public DriverOutcome RemoveMount(string containerId, ContainerLayer mount)
    {
        DriverOutcome outcome = _driver.Remove(mount.MountId);
        if (outcome.IsOk)
            outcome = _driver.Remove(mount.InitId);
        if (!outcome.IsOk)
            return outcome;
        _mounts.Remove(containerId);
        return mount.Parent is null ? outcome : Release(mount.Parent, []);
    }

    /// <summary>Makes a layer's files durable, each by itself, and moves them together (layer/filestore.go, Commit; pkg/ioutils/fswriters.go, AtomicWriteSet).</summary>
    private FsStatus Record(string chainId, Layer? parent, LayerContent content)
    {
        (string Name, long Bytes)[] files =
            [(TarSplit, content.Entries.Length * (long)TarSplitEntryBytes), ("diff", chainId.Length), ("size", 8), ("cache-id", 64)];
        var status = FsStatus.Ok;
        foreach ((string name, long bytes) in files)
        {
            if (status == FsStatus.Ok)
                status = _home.WriteDurably($"{WriteSet}/{name}", bytes);
        }

        if (status == FsStatus.Ok && parent is not null)
            status = _home.WriteDurably($"{WriteSet}/parent", chainId.Length);
        return status == FsStatus.Ok ? _home.Move(WriteSet, $"sha256/{ContentIds.Hex(chainId)}") : status;
    }
}
