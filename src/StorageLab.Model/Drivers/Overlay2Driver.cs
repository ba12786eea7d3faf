using StorageLab.Model.Blocks;
using StorageLab.Model.Constants;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;

namespace StorageLab.Model.Drivers;

/// <summary>overlay2: every layer a directory on the host's file system, containers an overlay mount of them.</summary>
/// <remarks>
/// Layout of <c>overlay2/ID</c>: <c>diff</c>, <c>link</c>, and above another layer <c>lower</c> and <c>work</c>; <c>merged</c> while mounted;
/// <c>l/SHORT</c> is a symbolic link to <c>../ID/diff</c>. A parent gets the empty marker <c>committed</c> with its first child.
/// Source: daemon/graphdriver/overlay2/overlay.go.
/// </remarks>
public sealed class Overlay2Driver : IGraphDriver
{
    /// <summary>A layer's short name.</summary>
    [ModelConstant(ModelPart.Overlay2, "bytes", "moby daemon/graphdriver/overlay2/overlay.go: idLength")]
    private const int ShortNameBytes = 26;

    /// <summary>Lower directories a mount may have.</summary>
    [ModelConstant(ModelPart.Overlay2, "directories", "moby daemon/graphdriver/overlay2/overlay.go: maxDepth")]
    private const int LowerCountMax = 128;

    /// <summary>Where the driver keeps its layers.</summary>
    private const string HomeDirectory = "/var/lib/docker/overlay2";

    private readonly HostMachine _host;
    private readonly LayerUnpacker _unpacker;
    private readonly DockerRoot _home;
    private readonly Dictionary<string, Layer> _layers = new(StringComparer.Ordinal);
    private readonly HashSet<Layer> _changed = [];
    private readonly long? _quotaBytes;
    private DirectoryUsage _total;
    private int _shortNameCount;

    private Overlay2Driver(HostMachine host, StorageOptions options)
    {
        if (options.OverlaySizeBytes is not null && host.FileSystem.TypeName != "xfs")
            throw new ArgumentException("Storage Option overlay2.size only supported for backingFS XFS. Found extfs", nameof(options));
        _host = host;
        _unpacker = new LayerUnpacker(host.Names, host.Pace, whiteoutsAsDevices: true);
        _quotaBytes = options.OverlaySizeBytes;
        _home = host.Root.Below("overlay2");
        _ = _home.MakeDirectory("l", out _);
        _ = host.Root.MakeDirectory("overlay2", out InodeId home);
        // On xfs the probe for project quotas leaves a device node behind (quota/projectquota.go, makeBackingFsDev).
        if (host.FileSystem.TypeName == "xfs")
            _ = host.FileSystem.Create(home, host.Names.Intern("backingFsBlockDev"), InodeKind.Special, out _);
        ProbeOverlay(home);
        _total = DirectoryUsage.Of(host.FileSystem, home);
    }

    /// <summary>The daemon tries an overlay mount at its start (overlayutils.SupportsOverlay); the kernel then tries an extended attribute on its
    /// work directory (fs/overlayfs/super.c, ovl_make_workdir), and on xfs the first attribute changes how every later inode is laid out.</summary>
    private void ProbeOverlay(InodeId home)
    {
        NameId name = _host.Names.Intern("check-overlayfs-support");
        if (_host.FileSystem.Create(home, name, InodeKind.Directory, out InodeId work) != FsStatus.Ok)
            return;
        _ = _host.FileSystem.SetExtendedAttributes(work, ExtendedAttributes.OverlayOpaque);
        _ = _host.FileSystem.Unlink(home, name);
    }

    public static DriverKind Kind { get; } = new(
        DriverNames.Overlay2,
        "directories on the host's file system, merged by overlay mounts",
        (host, options) => new Overlay2Driver(host, options));

    public string Name => "overlay2";

    public bool CountsSymlinks => true;

    public DriverStatus Status => new DriverStatus.Overlay2(
        _host.FileSystem.TypeName == "xfs" ? "xfs" : "extfs", SupportsDType: !_host.Spec.MkfsOptions.Any(option => option.Contains("ftype=0", StringComparison.Ordinal)));

    public IReadOnlyDictionary<string, string> GetMetadata(string id)
    {
        Layer layer = _layers[id];
        SortedDictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            ["MergedDir"] = $"{HomeDirectory}/{id}/merged",
            ["UpperDir"] = $"{HomeDirectory}/{id}/diff",
            ["WorkDir"] = $"{HomeDirectory}/{id}/work",
        };
        List<string> lowers = [];
        for (Layer? lower = layer.Parent; lower is not null; lower = lower.Parent)
            lowers.Add($"{HomeDirectory}/{lower.Id}/diff");
        if (lowers.Count > 0)
            metadata["LowerDir"] = string.Join(':', lowers);
        return metadata;
    }

    public DriverOutcome Create(string id, string? parent) => CreateReadWrite(id, parent);

    public DriverOutcome CreateReadWrite(string id, string? parent)
    {
        Layer? below = null;
        if (parent is not null && !_layers.TryGetValue(parent, out below))
            return DriverOutcome.Refused($"stat /var/lib/docker/overlay2/{parent}: no such file or directory");
        if (below is not null && below.Depth >= LowerCountMax)
            return DriverOutcome.Refused("max depth exceeded");
        Layer layer = new(id, below, ++_shortNameCount);
        FsStatus status = MakeDirectories(layer);
        if (status != FsStatus.Ok)
        {
            RemoveDirectories(layer);
            return DriverOutcome.From(status, $"mkdir /var/lib/docker/overlay2/{id}: ");
        }

        _layers.Add(id, layer);
        _changed.Add(layer);
        return DriverOutcome.Ok;
    }

    public DriverOutcome ApplyDiff(string id, LayerContent content)
    {
        Layer layer = _layers[id];
        _changed.Add(layer);
        return DriverOutcome.From(_unpacker.Unpack(_host.FileSystem, layer.Diff, content), "Error processing tar file(exit status 1): ");
    }

    public DriverOutcome Get(string id, out IMountedTree? tree)
    {
        tree = null;
        if (!_layers.TryGetValue(id, out Layer? layer))
            return DriverOutcome.Refused($"stat /var/lib/docker/overlay2/{id}: no such file or directory");
        if (layer.MountCount == 0)
        {
            FsStatus status = Mount(layer);
            if (status != FsStatus.Ok)
                return DriverOutcome.From(status, $"error creating overlay mount to /var/lib/docker/overlay2/{id}/merged: ");
        }

        layer.MountCount++;
        _changed.Add(layer);
        tree = layer.Tree;
        return DriverOutcome.Ok;
    }

    public DriverOutcome Put(string id)
    {
        Layer layer = _layers[id];
        layer.MountCount--;
        if (layer.MountCount > 0)
            return DriverOutcome.Ok;
        layer.Tree = null;
        _changed.Add(layer);
        if (_host.Spec.Kernel >= KernelChanges.OverlaySyncsUpper)
            _ = _host.FileSystem.Sync();
        return DriverOutcome.From(
            _host.FileSystem.Unlink(layer.Directory, _host.Names.Intern("merged")), "failed to remove the merged directory: ");
    }

    /// <summary>The native diff: the layer's own directory is what it has over its parent.</summary>
    public DriverOutcome Diff(string id, string parent) => DriverOutcome.Ok;

    public DriverOutcome DiffSize(string id, string parent) => DriverOutcome.Ok;

    public DriverOutcome Remove(string id)
    {
        if (!_layers.Remove(id, out Layer? layer))
            return DriverOutcome.Ok;
        RemoveDirectories(layer);
        _changed.Remove(layer);
        _total -= layer.Usage;
        return DriverOutcome.Ok;
    }

    public void Sync() => _ = _host.FileSystem.Sync();

    public void Restart()
    {
    }

    public void DropCaches() => _ = _host.FileSystem.DropCaches();

    public void CheckInvariants() => _host.FileSystem.CheckInvariants();

    public Sample Observe(Sample sample)
    {
        foreach (Layer layer in _changed)
        {
            DirectoryUsage now = DirectoryUsage.Of(_host.FileSystem, layer.Directory);
            // The short link in l/ belongs to the layer too.
            now += DirectoryUsage.Of(_host.FileSystem, layer.ShortLink);
            // A mounted layer's merged directory lies under the mount, where du -x does not see it.
            if (layer.MountCount > 0)
                now -= DirectoryUsage.Of(_host.FileSystem, layer.Merged);
            _total += now - layer.Usage;
            layer.Usage = now;
        }

        // A container's directory changes while it is mounted; the others are at rest.
        _changed.RemoveWhere(layer => layer.MountCount == 0);
        return sample with
        {
            BackingAllocatedBytes = _total.AllocatedBytes - _host.FileSystem.SharedBytes,
            GraphDirAllocatedBytes = _total.AllocatedBytes,
            GraphDirInodes = _total.InodeCount,
            PageCacheBytes = _host.FileSystem.CachedBytes,
        };
    }

    public IoCounters? CountersAt(Floor floor) => floor == Floor.Disk ? _host.Disk.Counters : null;

    private FsStatus MakeDirectories(Layer layer)
    {
        FsStatus status = _home.MakeDirectory(layer.Id, out InodeId directory);
        layer.Directory = directory;
        if (status == FsStatus.Ok)
            status = _home.MakeDirectory($"{layer.Id}/diff", out layer.Diff);
        InodeId links = default;
        if (status == FsStatus.Ok)
            status = _home.MakeDirectory("l", out links);
        if (status == FsStatus.Ok)
        {
            LinkTarget target = _host.Names.InternTarget($"../{layer.Id}/diff");
            status = _host.FileSystem.CreateSymlink(links, ShortName(layer), target, out layer.ShortLink);
        }

        if (status == FsStatus.Ok)
            status = _home.WriteFile($"{layer.Id}/link", ShortNameBytes);
        if (status != FsStatus.Ok || layer.Parent is null)
            return status;
        status = _home.MakeDirectory($"{layer.Id}/work", out layer.Work);
        if (status == FsStatus.Ok)
            status = _home.WriteFile($"{layer.Parent.Id}/committed", 0);
        _changed.Add(layer.Parent);
        // "l/SHORT" for every layer below, joined by colons.
        long lowerBytes = (layer.Depth * ("l/".Length + ShortNameBytes + 1L)) - 1;
        return status == FsStatus.Ok ? _home.WriteFile($"{layer.Id}/lower", lowerBytes) : status;
    }

    private void RemoveDirectories(Layer layer)
    {
        if (!layer.ShortLink.IsNone && _home.TryFind("l", out InodeId links))
            _ = _host.FileSystem.Unlink(links, ShortName(layer));
        _home.Remove(layer.Id);
    }

    private FsStatus Mount(Layer layer)
    {
        FsStatus status = _host.FileSystem.Create(layer.Directory, _host.Names.Intern("merged"), InodeKind.Directory, out layer.Merged);
        if (status != FsStatus.Ok || layer.Parent is null)
        {
            // The lowest layer needs no overlay: its directory is bound as it is.
            layer.Tree = new PlainTree(_host.FileSystem, layer.Diff);
            return status;
        }

        // The kernel empties work/ and makes its own directory in it at every mount (super.c, ovl_workdir_create).
        NameId work = _host.Names.Intern("work");
        if (_host.FileSystem.TryLookup(layer.Work, work, out _))
            status = _host.FileSystem.RemoveTree(layer.Work, work);
        InodeId workDirectory = default;
        if (status == FsStatus.Ok)
            status = _host.FileSystem.Create(layer.Work, work, InodeKind.Directory, out workDirectory);
        List<InodeId> lowers = [];
        for (Layer? below = layer.Parent; below is not null; below = below.Parent)
            lowers.Add(below.Diff);
        layer.Tree = new OverlayTree(_host.FileSystem, layer.Diff, workDirectory, [.. lowers], _host.Spec.Kernel, _host.Names) { QuotaBytes = _quotaBytes };
        return status;
    }

    private NameId ShortName(Layer layer) =>
        _host.Names.Intern(layer.ShortNumber.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(ShortNameBytes, 'A'));

    private sealed class Layer(string id, Layer? parent, int shortNumber)
    {
        public InodeId Directory;
        public InodeId Diff;
        public InodeId Work;
        public InodeId Merged;
        public InodeId ShortLink;

        public string Id { get; } = id;

        public Layer? Parent { get; } = parent;

        /// <summary>Layers below this one.</summary>
        public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

        public int ShortNumber { get; } = shortNumber;

        public int MountCount { get; set; }

        public IMountedTree? Tree { get; set; }

        public DirectoryUsage Usage { get; set; }
    }
}
