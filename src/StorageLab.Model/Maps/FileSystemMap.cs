using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;

namespace StorageLab.Model.Maps;

/// <summary>The blocks of the file system that holds Docker's root, by the layer or container whose directory a file is in.</summary>
internal sealed class FileSystemMap(LabHost host, BlockOwners owners)
{
    /// <summary>A file's blocks are smaller, but files lie together.</summary>
    private const long CellBytes = 64 << 10;

    private readonly IFileSystem _files = host.Machine.FileSystem;
    private readonly NameTable _names = host.Machine.Names;

    /// <summary>Where the files of registered layers lie, of no use yet: those never change.</summary>
    private Dictionary<NameId, List<DiskRun>> _layers = [];

    public DiskMap Read()
    {
        Dictionary<NameId, BlockUse> uses = UsesOfLayers();
        HashSet<NameId> registered = [.. host.Engine.Layers.All.Select(layer => _names.Intern(layer.CacheId))];
        Dictionary<NameId, List<DiskRun>> layers = [];
        List<DiskRun> runs = [];
        foreach (DirectoryEntry top in _files.List(_files.Root))
        {
            if (_names.NameOf(top.Name) != host.Driver.Name)
            {
                runs.AddRange(RunsBelow(top.Inode));
                continue;
            }

            foreach (DirectoryEntry entry in _files.List(top.Inode))
            {
                List<DiskRun> found = _layers.TryGetValue(entry.Name, out List<DiskRun>? known) ? known : RunsBelow(entry.Inode);
                if (registered.Contains(entry.Name))
                    layers[entry.Name] = found;
                int owner = owners.Of(_names.NameOf(entry.Name));
                BlockUse use = uses.GetValueOrDefault(entry.Name, BlockUse.Other);
                runs.AddRange(found.Select(run => run with { Use = use, Owner = owner }));
            }
        }

        _layers = layers;
        return new DiskMap($"the {_files.TypeName} of /var/lib/docker", _files.Usage.TotalBytes, CellBytes, [.. Joined(runs)], owners.Names);
    }

    /// <summary>By the layers' directories: whether one image or container stands on them, or several.</summary>
    private Dictionary<NameId, BlockUse> UsesOfLayers()
    {
        Dictionary<NameId, BlockUse> uses = [];
        foreach (Layer? top in host.Engine.Images.All.Select(image => image.Top).Concat(host.Engine.Containers.All.Select(container => container.Layer.Parent)))
        {
            for (Layer? layer = top; layer is not null; layer = layer.Parent)
            {
                NameId name = _names.Intern(layer.CacheId);
                uses[name] = uses.ContainsKey(name) ? BlockUse.Shared : BlockUse.Live;
            }
        }

        foreach (Container container in host.Engine.Containers.All)
            uses[_names.Intern(container.Layer.MountId)] = uses[_names.Intern(container.Layer.InitId)] = BlockUse.Live;
        return uses;
    }

    /// <summary>What the files below a directory hold of the device, as of no layer.</summary>
    private List<DiskRun> RunsBelow(InodeId top)
    {
        List<DiskRun> runs = [];
        Stack<InodeId> pending = new([top]);
        while (pending.TryPop(out InodeId inode))
        {
            foreach (FileRun run in _files.MapFile(inode))
                runs.Add(new DiskRun(run.DeviceOffsetBytes, run.LengthBytes, BlockUse.Other, BlockOwners.Other));
            foreach (DirectoryEntry entry in _files.List(inode))
                pending.Push(entry.Inode);
        }

        return Joined(runs);
    }

    /// <summary>Sorts runs and joins adjacent ones of one use and owner; a file with several names counts once.</summary>
    private static List<DiskRun> Joined(List<DiskRun> runs)
    {
        runs.Sort((left, right) => left.StartBytes.CompareTo(right.StartBytes));
        List<DiskRun> joined = [];
        foreach (DiskRun run in runs)
        {
            DiskRun last = joined.Count > 0 ? joined[^1] : default;
            if (run.StartBytes < last.EndBytes)
                continue;
            if (joined.Count > 0 && last.EndBytes == run.StartBytes && last.Use == run.Use && last.Owner == run.Owner)
                joined[^1] = last with { LengthBytes = last.LengthBytes + run.LengthBytes };
            else
                joined.Add(run);
        }

        return joined;
    }
}
