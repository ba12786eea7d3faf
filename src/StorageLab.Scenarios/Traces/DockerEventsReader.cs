using System.Collections.Immutable;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;

namespace StorageLab.Scenarios.Traces;

/// <summary>Reads the JSON lines of <c>docker events --format '{{json .}}'</c>: what a host's daemon did becomes steps.</summary>
/// <remarks>
/// Images are known by reference: the shipped catalog's are taken as they are, others need a size. Docker names the image of an untag, a
/// delete or a tag by its id only, and the id of a pull not at all: such an id is taken for the image pulled last whose id was not known yet.
/// What processes write is in no event, so containers stay empty. Source: daemon/events.go, daemon/images/image_*.go at v20.10.24.
/// </remarks>
public sealed class DockerEventsReader
{
    private readonly string _path;
    private readonly ImageCatalog _catalog;
    private readonly SyntheticImages _synthetic;
    private readonly ImageSizes _sizes;
    private readonly Dictionary<string, ImageDefinition> _images = new(StringComparer.Ordinal);

    private DockerEventsReader(string path, ImageCatalog catalog, NameTable names, ImageSizes sizes)
    {
        _path = path;
        _catalog = catalog;
        _synthetic = new SyntheticImages(catalog, names);
        _sizes = sizes;
    }

    /// <summary>Reads the whole log once, so that whatever is wrong is found before anything is replayed.</summary>
    /// <exception cref="InputException">The log cannot be read or is malformed, or sizes are missing.</exception>
    public static ImportedHistory Read(string path, ImageCatalog catalog, NameTable names, ImageSizes sizes) =>
        new DockerEventsReader(path, catalog, names, sizes).Read();

    private ImportedHistory Read()
    {
        SortedSet<string> missing = new(StringComparer.Ordinal);
        EventTranslation survey = new(reference => Define(reference, missing));
        int stepCount = 0, eventCount = 0;
        foreach (Step _ in Steps(survey, () => eventCount++))
            stepCount = checked(stepCount + 1);
        if (missing.Count > 0)
            throw ImageSizes.Missing(_path, missing);
        ImmutableArray<string>.Builder notes = ImmutableArray.CreateBuilder<string>();
        notes.Add($"{eventCount:N0} events: {stepCount:N0} steps, {survey.LeftOutCount:N0} events left out");
        if (survey.PresentCount > 0)
            notes.Add($"{survey.PresentCount:N0} images were there before the log began; they are pulled where they are first used");
        if (survey.GuessCount > 0)
            notes.Add($"{survey.GuessCount:N0} times an image was named by an id that no event had told before; it was taken for the image pulled last");
        return new ImportedHistory(stepCount, Steps(), notes.ToImmutable());
    }

    private IEnumerable<Step> Steps()
    {
        EventTranslation translation = new(reference => _images[reference]);
        foreach (Step step in Steps(translation, () => 0))
            yield return step;
    }

    private IEnumerable<Step> Steps(EventTranslation translation, Func<int> count)
    {
        using JsonObjects objects = new(_path, oneALine: true);
        while (TryNext(objects, out DockerEvent? next))
        {
            _ = count();
            foreach (Step step in translation.Translate(next!))
                yield return step;
        }
    }

    private static bool TryNext(JsonObjects objects, out DockerEvent? next)
    {
        next = null;
        if (!objects.TryRead(out ReadOnlySpan<byte> json))
            return false;
        return DockerEvent.Read(json, out next) is { } problem ? throw objects.Wrong(problem) : true;
    }

    private ImageDefinition Define(string reference, SortedSet<string> missing)
    {
        if (_images.TryGetValue(reference, out ImageDefinition? known))
            return known;
        long? bytes = _sizes.BytesOf(reference);
        CatalogImage? shipped = _catalog.Find(reference);
        if (shipped is null && bytes is null)
            missing.Add(reference);
        // All of the log is read before the missing sizes are asked for; until then a size of 0 stands for each.
        ImageDefinition image = shipped is not null ? _catalog.Load(shipped) : _synthetic.OfSize(reference, bytes ?? 0);
        _images.Add(reference, image);
        return image;
    }
}
