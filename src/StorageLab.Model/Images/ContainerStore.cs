namespace StorageLab.Model.Images;

/// <summary>The daemon's containers, by name, by id and by the image they use.</summary>
public sealed class ContainerStore
{
    private readonly Dictionary<string, Container> _byName = new(StringComparer.Ordinal);

    public int Count => _byName.Count;

    public int RunningCount { get; private set; }

    /// <summary>In order of creation.</summary>
    public IReadOnlyCollection<Container> All => _byName.Values;

    public bool TryGet(string name, out Container? container) => _byName.TryGetValue(name, out container);

    /// <summary>Finds a container by id, by name, or by a unique prefix of its id, in Docker's order (daemon/container.go, GetContainer).</summary>
    /// <param name="refusal">Docker's words when there is none.</param>
    public Container? Find(string nameOrPrefix, out DockerOutcome refusal)
    {
        refusal = DockerOutcome.Ok;
        if (_byName.TryGetValue(nameOrPrefix.TrimStart('/'), out Container? container))
            return container;
        Container[] matches = nameOrPrefix.Length == 0
            ? []
            : [.. _byName.Values.Where(candidate => candidate.Id.StartsWith(nameOrPrefix, StringComparison.Ordinal)).Take(2)];
        if (matches.Length == 1)
            return matches[0];
        refusal = matches.Length == 0
            ? DockerOutcome.NotFound("container", nameOrPrefix)
            : DockerOutcome.Refused($"Multiple IDs found with provided prefix: {nameOrPrefix}");
        return null;
    }

    public void Add(Container container) => _byName.Add(container.Name, container);

    public void Remove(Container container) => _byName.Remove(container.Name);

    /// <summary>Gives a container another name, which must be free.</summary>
    public void Rename(Container container, string name)
    {
        // The list keeps the order of creation.
        Container[] inOrder = [.. _byName.Values];
        container.Name = name;
        _byName.Clear();
        foreach (Container kept in inOrder)
            _byName.Add(kept.Name, kept);
    }

    /// <summary>A container was started (+1) or stopped (-1).</summary>
    public void CountRunning(int change) => RunningCount += change;

    /// <summary>The first container that uses an image, of any state or of one.</summary>
    public Container? FirstUsing(string imageId, bool? running = null)
    {
        foreach (Container container in _byName.Values)
        {
            if (container.Image.Id == imageId && (running is null || container.IsRunning == running))
                return container;
        }

        return null;
    }
}
