using StorageLab.Model.Images;

namespace StorageLab.Model.Maps;

/// <summary>Names for what owns blocks: a layer after the first image it was seen in, a container after its name.</summary>
internal sealed class BlockOwners
{
    /// <summary>What belongs to no layer.</summary>
    public const int Other = 0;

    private readonly List<string> _names = ["Docker's own files"];
    private readonly Dictionary<string, int> _byCacheId = new(StringComparer.Ordinal);
    private int _base = -1;

    public IReadOnlyList<string> Names => _names;

    /// <summary>The device with the empty file system that every layer of devicemapper descends from.</summary>
    public int Base => _base >= 0 ? _base : _base = Add("base device");

    /// <summary>The owner of a layer of the graph driver; <see cref="Other"/> for one that no image and no container was seen with.</summary>
    public int Of(string cacheId) => _byCacheId.GetValueOrDefault(cacheId, Other);

    /// <summary>Takes note of the images and containers that are there now.</summary>
    public void Update(DockerEngine engine)
    {
        foreach (Image image in engine.Images.All)
        {
            if (image.Top is null || _byCacheId.ContainsKey(image.Top.CacheId))
                continue;
            string name = engine.Images.References.Of(image.Id).FirstOrDefault(reference => !reference.IsCanonical)?.Familiar ?? "image " + ContentIds.Truncated(image.Id);
            int count = image.Top.Depth;
            for (Layer? layer = image.Top; layer is not null && !_byCacheId.ContainsKey(layer.CacheId); layer = layer.Parent)
                _byCacheId.Add(layer.CacheId, Add($"{name}, layer {layer.Depth} of {count}"));
        }

        foreach (Container container in engine.Containers.All)
        {
            if (_byCacheId.ContainsKey(container.Layer.MountId))
                continue;
            int owner = Add($"container {container.Name}");
            _byCacheId.Add(container.Layer.MountId, owner);
            _byCacheId.TryAdd(container.Layer.InitId, owner);
        }
    }

    private int Add(string name)
    {
        _names.Add(name);
        return _names.Count - 1;
    }
}
