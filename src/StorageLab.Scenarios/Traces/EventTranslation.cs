using StorageLab.Model.Images;
using StorageLab.Model.Replay;

namespace StorageLab.Scenarios.Traces;

/// <summary>Turns events into steps, one after the other, remembering what is there: containers by id, and which id is which image.</summary>
/// <param name="define">The image of a reference.</param>
internal sealed class EventTranslation(Func<string, ImageDefinition> define)
{
    /// <summary>The step of every name that was pulled, as typed.</summary>
    private readonly Dictionary<string, (string Reference, Step.Pull Step)> _pulls = new(StringComparer.Ordinal);

    private readonly Dictionary<string, string> _containers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _containerNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _references = new(StringComparer.Ordinal);
    private readonly List<string> _pulledWithoutId = [];
    private readonly HashSet<string> _here = new(StringComparer.Ordinal);

    /// <summary>Events that say nothing about the disk, or about objects that were there before the log began.</summary>
    public int LeftOutCount { get; private set; }

    /// <summary>Ids that were taken for the image pulled last.</summary>
    public int GuessCount { get; private set; }

    /// <summary>Images that were there before the log began.</summary>
    public int PresentCount { get; private set; }

    /// <summary>The steps of an event; none for one that changes nothing on the disk. To be enumerated before the next event.</summary>
    public IEnumerable<Step> Translate(DockerEvent e)
    {
        if ((e.Type, e.Action) is ("container", "create") && e.Image is not null && !IsId(e.Image) && _here.Add(ReferenceOf(e.Image)))
        {
            PresentCount++;
            yield return new Step.Pull(define(ReferenceOf(e.Image)));
        }

        Step? step = (e.Type, e.Action.Split(':')[0]) switch
        {
            ("image", "pull") => Pull(e.Id),
            ("image", "load" or "import") => Load(e.Id),
            ("image", "tag") => Tag(e.Id, e.Name),
            ("image", "untag") => Untag(e.Id),
            ("image", "delete") => Delete(e.Id),
            ("container", "create") => Create(e),
            ("container", "start" or "restart") => Known(e.Id, name => new Step.Start(name)),
            ("container", "die") => Known(e.Id, name => new Step.Stop(name)),
            ("container", "destroy") => Destroy(e.Id),
            ("container", "commit") => Commit(e),
            _ => null,
        };
        if (step is null)
            LeftOutCount++;
        else
            yield return step;
    }

    private Step.Pull Pull(string id)
    {
        // A busy host pulls few images often.
        if (!_pulls.TryGetValue(id, out (string Reference, Step.Pull Step) pull))
        {
            string reference = ReferenceOf(id);
            pull = (reference, new Step.Pull(define(reference)));
            _pulls.Add(id, pull);
        }

        if (_here.Add(pull.Reference))
            _pulledWithoutId.Add(pull.Reference);
        return pull.Step;
    }

    private Step.Load Load(string id)
    {
        string reference = IsId(id) ? $"loaded/{ContentIds.Truncated(id)}:latest" : ReferenceOf(id);
        _here.Add(reference);
        _references[id] = [reference];
        return new Step.Load(define(reference));
    }

    private Step.Tag? Tag(string id, string? name)
    {
        if (name is null || FirstOf(id) is not { } reference)
            return null;
        string newReference = ReferenceOf(name);
        _references[id].Add(newReference);
        _here.Add(newReference);
        return new Step.Tag(reference, newReference);
    }

    private Step.RemoveImage? Untag(string id)
    {
        if (FirstOf(id) is null || _references[id] is not { Count: > 0 } references)
            return null;
        // Docker untags the name that was typed, which the event does not tell; the last one given is taken.
        string reference = references[^1];
        references.RemoveAt(references.Count - 1);
        _here.Remove(reference);
        return new Step.RemoveImage(reference, Force: false);
    }

    /// <summary>The removal itself came with the last name; an image without names goes by its id, which the model draws itself.</summary>
    private Step.RemoveImage? Delete(string id)
    {
        Step.RemoveImage? step = _references.TryGetValue(id, out List<string>? references) && references.Count > 0 ? Untag(id) : null;
        _references.Remove(id);
        return step;
    }

    private Step.CreateContainer? Create(DockerEvent e)
    {
        if (e.Image is null)
            return null;
        string? reference = IsId(e.Image) ? FirstOf(e.Image) : ReferenceOf(e.Image);
        if (reference is null)
            return null;
        string name = e.Name is { } given && _containerNames.Add(given) ? given : e.Id;
        _containers[e.Id] = name;
        return new Step.CreateContainer(reference, name);
    }

    private Step.RemoveContainer? Destroy(string id)
    {
        if (!_containers.Remove(id, out string? name))
            return null;
        _containerNames.Remove(name);
        return new Step.RemoveContainer(name, Force: true);
    }

    private Step.Commit? Commit(DockerEvent e)
    {
        if (!_containers.TryGetValue(e.Id, out string? name) || e.ImageId is not { } imageId)
            return null;
        string reference = e.ImageReference is { Length: > 0 } given ? ReferenceOf(given) : $"committed/{ContentIds.Truncated(imageId)}:latest";
        _references[imageId] = [reference];
        _here.Add(reference);
        return new Step.Commit(name, reference);
    }

    private Step? Known(string id, Func<string, Step> step) => _containers.TryGetValue(id, out string? name) ? step(name) : null;

    /// <summary>A reference of the image with an id.</summary>
    private string? FirstOf(string id)
    {
        if (_references.TryGetValue(id, out List<string>? references))
            return references.Count > 0 ? references[0] : null;
        if (_pulledWithoutId.Count == 0)
            return null;
        string reference = _pulledWithoutId[^1];
        GuessCount += _pulledWithoutId.Count > 1 ? 1 : 0;
        _pulledWithoutId.RemoveAt(_pulledWithoutId.Count - 1);
        _references[id] = [reference];
        return reference;
    }

    private static bool IsId(string text) => text.StartsWith(ContentIds.Prefix, StringComparison.Ordinal);

    private static string ReferenceOf(string text)
    {
        string reference = ImageReference.Familiar(text);
        int digest = reference.IndexOf('@', StringComparison.Ordinal);
        if (digest > 0)
            return $"{reference[..digest]}:{reference[(digest + 1)..].Replace(':', '-')}";
        return reference.LastIndexOf(':') > reference.LastIndexOf('/') ? reference : reference + ":latest";
    }
}
