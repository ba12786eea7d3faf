using System.Text.RegularExpressions;
using StorageLab.Scenarios.Values;

namespace StorageLab.Scenarios;

/// <summary>References as <c>docker tag</c> takes them.</summary>
/// <remarks>Source: docker/distribution v2.7.1, reference/regexp.go; without digests, which no new name can have.</remarks>
internal static partial class ImageReference
{
    /// <summary>reference/reference.go: NameTotalLengthMax, and 128 for a tag.</summary>
    private const int LengthMax = 255 + 1 + 128;

    public static bool IsValid(string reference) => reference.Length <= LengthMax && Pattern().IsMatch(reference);

    /// <exception cref="ValueException">Docker would not take it as a name.</exception>
    internal static string Checked(string reference) => IsValid(reference)
        ? reference
        : throw new ValueException($"'{LayerLimits.Shown(reference)}' is not a name for an image; write one as name:tag, in lower case");

    /// <summary>The short form Docker shows: without docker.io/ and library/.</summary>
    internal static string Familiar(string reference)
    {
        string name = reference.StartsWith("docker.io/", StringComparison.Ordinal) ? reference["docker.io/".Length..] : reference;
        return name.StartsWith("library/", StringComparison.Ordinal) ? name["library/".Length..] : name;
    }

    [GeneratedRegex(
        @"^([a-zA-Z0-9][a-zA-Z0-9.-]*(:[0-9]+)?/)?[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
