using System.Collections.Immutable;
using StorageLab.Scenarios.Values;

namespace StorageLab.Scenarios.Traces;

/// <summary>Sizes that the user gives for images that nothing else is known of.</summary>
public sealed class ImageSizes
{
    private readonly ImmutableDictionary<string, long> _byReference;
    private readonly long? _defaultBytes;

    private ImageSizes(ImmutableDictionary<string, long> byReference, long? defaultBytes)
    {
        _byReference = byReference;
        _defaultBytes = defaultBytes;
    }

    /// <summary>Reads what the command line says.</summary>
    /// <param name="sizes">Each as <c>NAME=SIZE</c>, unpacked as docker image ls shows it.</param>
    /// <param name="defaultSize">For all others; null for none.</param>
    /// <exception cref="InputException">A size is none; every problem is in it.</exception>
    public static ImageSizes Read(IReadOnlyList<string> sizes, string? defaultSize)
    {
        List<InputProblem> problems = [];
        Dictionary<string, long> byReference = new(StringComparer.Ordinal);
        foreach (string text in sizes)
        {
            int equals = text.LastIndexOf('=');
            if (equals < 1)
                problems.Add(new InputProblem("--size", 0, 0, $"'{LayerLimits.Shown(text)}' is not NAME=SIZE, e.g. web:1=120MB"));
            else
                byReference[ImageReference.Familiar(text[..equals])] = Size("--size", text[(equals + 1)..], problems);
        }

        long? all = defaultSize is null ? null : Size("--default-size", defaultSize, problems);
        return problems.Count == 0 ? new ImageSizes(byReference.ToImmutableDictionary(), all) : throw new InputException(problems);
    }

    /// <summary>Bytes of an image unpacked; null when nobody said.</summary>
    public long? BytesOf(string reference) => _byReference.TryGetValue(reference, out long bytes) ? bytes : _defaultBytes;

    /// <summary>What to say of images whose size is asked for.</summary>
    /// <param name="references">At least one.</param>
    internal static InputException Missing(string path, IReadOnlyCollection<string> references) => new(
        path,
        $"the sizes of {references.Count} {(references.Count == 1 ? "image" : "images")} are not known; give each with --size NAME=SIZE, or all with --default-size SIZE: "
        + string.Join(", ", references.Order(StringComparer.Ordinal)));

    private static long Size(string option, string text, List<InputProblem> problems)
    {
        if (ByteQuantity.TryParse(text, out long bytes, out string problem) && bytes > LayerLimits.LayerBytesMax)
            problem = $"'{LayerLimits.Shown(text)}' is more than {ByteQuantity.Text(LayerLimits.LayerBytesMax)}";
        else if (problem.Length == 0 || bytes > 0 || text == "0")
            return bytes;
        problems.Add(new InputProblem(option, 0, 0, problem));
        return 0;
    }
}
