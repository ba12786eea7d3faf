using System.Runtime.InteropServices;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;

namespace StorageLab.Scenarios.Traces;

/// <summary>Reads a registry's access log in the form of the traces of IBM's registry (Anwar et al., FAST '18): the pulls as if one host had done them.</summary>
/// <remarks>
/// A GET of a manifest is a pull. The layers of an image are the blobs that the same client got of the repository behind it and before its next
/// manifest, all pulls together, since a client asks only for what it does not have; the smallest of several is the image's configuration when
/// it has less than 64 KiB. A blob's size is what the registry wrote. Uploads, look-ups (HEAD) and failed requests are left out.
/// Memory: proportional to the different images, blobs and clients, not to the requests.
/// </remarks>
public sealed class RegistryTraceReader
{
    private const int PathLengthMax = 512;

    /// <summary>Configurations are a few KiB of JSON.</summary>
    private const long ConfigurationBytesMax = 64 << 10;

    private readonly string _path;
    private readonly Dictionary<string, TracedImage> _images = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TracedBlob> _blobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _repositories = new(StringComparer.Ordinal);

    private RegistryTraceReader(string path) => _path = path;

    /// <summary>Reads the whole log once, so that whatever is wrong is found before anything is replayed.</summary>
    /// <exception cref="InputException">The log cannot be read or is malformed, or sizes are missing.</exception>
    public static ImportedHistory Read(string path, ImageCatalog catalog, NameTable names, ImageSizes sizes) =>
        new RegistryTraceReader(path).Read(new SyntheticImages(catalog, names), sizes);

    private ImportedHistory Read(SyntheticImages synthetic, ImageSizes sizes)
    {
        (int pullCount, long otherCount) = Survey();
        List<string> missing = [];
        foreach (TracedImage image in _images.Values)
            image.Define(synthetic, sizes, missing);
        if (missing.Count > 0)
            throw ImageSizes.Missing(_path, missing);
        return new ImportedHistory(pullCount, Steps(), [$"{pullCount:N0} pulls of {_images.Count:N0} images of {_blobs.Count:N0} blobs; {otherCount:N0} other requests left out"]);
    }

    private (int PullCount, long OtherCount) Survey()
    {
        Dictionary<(ulong Client, string Repository), TracedImage> current = [];
        var images = _images.GetAlternateLookup<ReadOnlySpan<char>>();
        var blobs = _blobs.GetAlternateLookup<ReadOnlySpan<char>>();
        var repositories = _repositories.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> characters = stackalloc char[PathLengthMax];
        Span<char> key = stackalloc char[PathLengthMax];
        var pullCount = 0;
        long otherCount = 0;
        using JsonObjects objects = new(_path, oneALine: false);
        while (objects.TryRead(out ReadOnlySpan<byte> json))
        {
            if (RegistryRequest.Read(json, characters, out RegistryRequest request) is { } problem)
                throw objects.Wrong(problem);
            if (!request.IsGet || request.Status is < 200 or > 299 || !request.TrySplit(out ReadOnlySpan<char> name, out bool isManifest, out ReadOnlySpan<char> reference))
            {
                otherCount++;
                continue;
            }

            if (!repositories.TryGetValue(name, out string? repository))
                repositories[name] = repository = name.ToString();
            if (isManifest)
            {
                ReadOnlySpan<char> tagged = Key(key, name, reference);
                if (!images.TryGetValue(tagged, out TracedImage? image))
                    images[tagged] = image = new TracedImage(ReferenceOf(name, reference));
                current[(request.Client, repository)] = image;
                pullCount = checked(pullCount + 1);
            }
            else if (current.TryGetValue((request.Client, repository), out TracedImage? image))
            {
                if (!blobs.TryGetValue(reference, out TracedBlob? blob))
                    blobs[reference] = blob = new TracedBlob(reference.ToString());
                blob.WrittenBytes = Math.Max(blob.WrittenBytes, request.WrittenBytes);
                image.Add(blob);
            }
            else
            {
                otherCount++;
            }
        }

        return (pullCount, otherCount);
    }

    private IEnumerable<Step> Steps()
    {
        using JsonObjects objects = new(_path, oneALine: false);
        while (TryNextPull(objects, out Step? step))
            yield return step!;
    }

    private bool TryNextPull(JsonObjects objects, out Step? step)
    {
        var images = _images.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> characters = stackalloc char[PathLengthMax];
        Span<char> key = stackalloc char[PathLengthMax];
        while (objects.TryRead(out ReadOnlySpan<byte> json))
        {
            _ = RegistryRequest.Read(json, characters, out RegistryRequest request);
            if (!request.IsGet || request.Status is < 200 or > 299 || !request.TrySplit(out ReadOnlySpan<char> name, out bool isManifest, out ReadOnlySpan<char> reference) || !isManifest)
                continue;
            step = images[Key(key, name, reference)].Pull;
            return true;
        }

        step = null;
        return false;
    }

    private static ReadOnlySpan<char> Key(Span<char> room, ReadOnlySpan<char> name, ReadOnlySpan<char> reference)
    {
        name.CopyTo(room);
        room[name.Length] = ' ';
        reference.CopyTo(room[(name.Length + 1)..]);
        return room[..(name.Length + 1 + reference.Length)];
    }

    /// <summary>A name that Docker takes: logs may hold digests where tags stand, and anonymous names of any kind.</summary>
    private static string ReferenceOf(ReadOnlySpan<char> name, ReadOnlySpan<char> reference)
    {
        string tag = string.Concat(reference.ToString().Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' ? c : '-')).TrimStart('.', '-');
        string whole = $"{name.ToString().ToLowerInvariant()}:{(tag.Length is 0 or > 128 ? "latest" : tag)}";
        return ImageReference.IsValid(whole) ? whole : $"image/{ContentDigest.Hex(ContentIds.Of($"{name} {reference}"))[..16]}:latest";
    }

    private sealed class TracedBlob(string digest)
    {
        public string Digest { get; } = digest;

        public long WrittenBytes { get; set; }
    }

    private sealed class TracedImage(string reference)
    {
        private readonly List<TracedBlob> _blobs = [];

        public Step.Pull Pull { get; private set; } = null!;

        public void Add(TracedBlob blob)
        {
            // Few blobs an image: looking through them beats a set.
            foreach (TracedBlob known in CollectionsMarshal.AsSpan(_blobs))
            {
                if (ReferenceEquals(known, blob))
                    return;
            }

            _blobs.Add(blob);
        }

        public void Define(SyntheticImages synthetic, ImageSizes sizes, List<string> missing)
        {
            TracedBlob? smallest = _blobs.MinBy(blob => blob.WrittenBytes);
            if (_blobs.Count > 1 && smallest!.WrittenBytes < ConfigurationBytesMax)
                _blobs.Remove(smallest);
            if (_blobs.Count > 0)
                Pull = new Step.Pull(synthetic.OfLayers(reference, _blobs.Select(blob => (blob.Digest, blob.WrittenBytes))));
            else if (sizes.BytesOf(reference) is { } bytes)
                Pull = new Step.Pull(synthetic.OfSize(reference, bytes));
            else
                missing.Add(reference);
        }
    }
}
