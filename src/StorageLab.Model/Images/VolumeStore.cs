using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;

namespace StorageLab.Model.Images;

/// <summary>The daemon's volumes, by name.</summary>
/// <remarks>Source: volume/local/local.go.</remarks>
public sealed class VolumeStore(HostMachine host)
{
    private readonly SortedDictionary<string, Volume> _volumes = new(StringComparer.Ordinal);

    public int Count => _volumes.Count;

    /// <summary>In the order of their names.</summary>
    public IReadOnlyCollection<Volume> All => _volumes.Values;

    public bool TryGet(string name, out Volume? volume) => _volumes.TryGetValue(name, out volume);

    /// <summary>Makes a volume, or finds the one of that name.</summary>
    /// <param name="isAnonymous">Whether the name was drawn for it.</param>
    public DockerOutcome Create(string name, ImmutableSortedDictionary<string, string>? labels, bool isAnonymous, out Volume? volume)
    {
        if (_volumes.TryGetValue(name, out volume))
            return DockerOutcome.Ok;
        FsStatus status = host.Root.MakeDirectory($"volumes/{name}/_data", out InodeId directory);
        if (status != FsStatus.Ok)
            return DockerOutcome.From(status, $"mkdir /var/lib/docker/volumes/{name}: ");
        volume = new Volume(name, host.Now, labels, new PlainTree(host.FileSystem, directory)) { IsAnonymous = isAnonymous };
        _volumes.Add(name, volume);
        return DockerOutcome.Ok;
    }

    public void Remove(Volume volume)
    {
        host.Root.Remove($"volumes/{volume.Name}");
        _volumes.Remove(volume.Name);
    }

    /// <summary>Bytes of a volume's files, as <c>docker system df</c> counts them.</summary>
    public static long MeasureBytes(Volume volume)
    {
        long bytes = 0;
        Walk([]);
        return bytes;

        void Walk(NameId[] path)
        {
            foreach (NameId name in volume.Files.List(path))
            {
                NameId[] child = [.. path, name];
                _ = volume.Files.TryStat(child, out InodeStat stat);
                if (stat.Kind == InodeKind.Directory)
                    Walk(child);
                else
                    bytes += stat.SizeBytes;
            }
        }
    }
}
