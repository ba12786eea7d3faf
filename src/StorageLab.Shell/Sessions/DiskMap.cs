using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using StorageLab.Model.ThinProvisioning;

namespace StorageLab.Shell.Sessions;

/// <summary>Where on the driver's storage what lies: the pool's data device, or the host's file system under overlay2.</summary>
public sealed class DiskMap
{
    private DiskMap(string title, long totalBytes, IEnumerable<DiskRun> runs)
    {
        Title = title;
        TotalBytes = totalBytes;
        Runs = [.. runs.OrderBy(run => run.StartBytes)];
    }

    /// <summary>What is mapped.</summary>
    public string Title { get; }

    public long TotalBytes { get; }

    /// <summary>What is not free, in order.</summary>
    public ImmutableArray<DiskRun> Runs { get; }

    /// <summary>End of the last run that is not free.</summary>
    public long EndBytes => Runs.IsEmpty ? 0 : Runs[^1].StartBytes + Runs[^1].LengthBytes;

    public long BytesOf(BlockUse use) => use == BlockUse.Free
        ? TotalBytes - Runs.Sum(run => run.LengthBytes)
        : Runs.Where(run => run.Use == use).Sum(run => run.LengthBytes);

    public static DiskMap Of(LabSession session) => session.Host.Driver is DevicemapperDriver driver
        ? OfPool(driver, session.Host.Machine.FileSystem)
        : OfFileSystem(session);

    private static DiskMap OfPool(DevicemapperDriver driver, IFileSystem host)
    {
        ThinPool pool = driver.Pool;
        long blockBytes = pool.Options.DataBlockBytes;
        // Devices that map each block: 0, 1, or 2 for more.
        byte[] mapped = new byte[pool.DataTotalBlockCount];
        foreach (ThinMappingRun run in pool.DeviceIds.SelectMany(id => pool.Describe(id).Mappings))
        {
            foreach (ref byte count in mapped.AsSpan((int)run.DataBlock, (int)run.BlockCount))
                count = (byte)Math.Min(count + 1, 2);
        }

        bool isFile = !driver.Backing.DataFile.IsNone;
        if (isFile)
        {
            foreach (FileRun run in host.MapFile(driver.Backing.DataFile))
            {
                long last = Math.Min((run.OffsetBytes + run.LengthBytes - 1) / blockBytes, mapped.Length - 1);
                for (long block = run.OffsetBytes / blockBytes; block <= last; block++)
                    mapped[block] = mapped[block] == 0 ? (byte)3 : mapped[block];
            }
        }

        string title = isFile ? "the pool on the sparse file devicemapper/devicemapper/data" : "the pool on the data volume";
        return new DiskMap(title, pool.DataTotalBlockCount * blockBytes, RunsOf(mapped, blockBytes));
    }

    private static IEnumerable<DiskRun> RunsOf(byte[] mapped, long blockBytes)
    {
        for (var start = 0; start < mapped.Length;)
        {
            int length = mapped.AsSpan(start).IndexOfAnyExcept(mapped[start]);
            length = length < 0 ? mapped.Length - start : length;
            BlockUse use = mapped[start] switch { 0 => BlockUse.Free, 1 => BlockUse.Live, 2 => BlockUse.Shared, _ => BlockUse.Held };
            if (use != BlockUse.Free)
                yield return new DiskRun(start * blockBytes, length * blockBytes, use);
            start += length;
        }
    }

    private static DiskMap OfFileSystem(LabSession session)
    {
        IFileSystem files = session.Host.Machine.FileSystem;
        NameTable names = session.Host.Machine.Names;
        Dictionary<NameId, BlockUse> layers = UsesOfLayers(session, names);
        List<DiskRun> runs = [];
        foreach (DirectoryEntry top in files.List(files.Root))
        {
            bool isDriver = names.NameOf(top.Name) == session.Host.Driver.Name;
            foreach (DirectoryEntry entry in isDriver ? files.List(top.Inode) : [top])
                Add(runs, files, entry.Inode, isDriver ? layers.GetValueOrDefault(entry.Name, BlockUse.Other) : BlockUse.Other);
        }

        return new DiskMap($"the {files.TypeName} of /var/lib/docker", files.Usage.TotalBytes, runs);
    }

    /// <summary>By the layers' directories: whether one image or container stands on them, or several.</summary>
    private static Dictionary<NameId, BlockUse> UsesOfLayers(LabSession session, NameTable names)
    {
        Dictionary<NameId, BlockUse> uses = [];
        DockerEngine engine = session.Host.Engine;
        foreach (Layer? top in engine.Images.All.Select(image => image.Top).Concat(engine.Containers.All.Select(container => container.Layer.Parent)))
        {
            for (Layer? layer = top; layer is not null; layer = layer.Parent)
            {
                NameId name = names.Intern(layer.CacheId);
                uses[name] = uses.ContainsKey(name) ? BlockUse.Shared : BlockUse.Live;
            }
        }

        foreach (Container container in engine.Containers.All)
            uses[names.Intern(container.Layer.MountId)] = uses[names.Intern(container.Layer.InitId)] = BlockUse.Live;
        return uses;
    }

    private static void Add(List<DiskRun> runs, IFileSystem files, InodeId top, BlockUse use)
    {
        Stack<InodeId> pending = new([top]);
        while (pending.TryPop(out InodeId inode))
        {
            runs.AddRange(files.MapFile(inode).Select(run => new DiskRun(run.DeviceOffsetBytes, run.LengthBytes, use)));
            foreach (DirectoryEntry entry in files.List(inode))
                pending.Push(entry.Inode);
        }
    }
}
