using System.Text.RegularExpressions;
using StorageLab.Model.Constants;

namespace StorageLab.Model.Images;

/// <summary>A reference to an image by name: registry, repository, and a tag or a digest.</summary>
/// <param name="Domain">The registry, e.g. <c>docker.io</c> or <c>127.0.0.1:5000</c>.</param>
/// <param name="Path">The repository in it, e.g. <c>library/nginx</c>.</param>
/// <param name="Tag">Null without one.</param>
/// <param name="Digest"><c>sha256:…</c> of a manifest; null without one.</param>
/// <remarks>Source: docker/distribution v2.7.1, reference/reference.go, normalize.go and regexp.go.</remarks>
public sealed partial record ImageName(string Domain, string Path, string? Tag, string? Digest)
{
    public const string DefaultTag = "latest";

    private const string DefaultDomain = "docker.io";
    private const string LegacyDefaultDomain = "index.docker.io";
    private const string OfficialPrefix = "library/";
    private const string InvalidFormat = "invalid reference format";

    /// <summary>Longest name, registry and repository together.</summary>
    [ModelConstant(ModelPart.Daemon, "characters", "moby vendor/github.com/docker/distribution/reference/reference.go: NameTotalLengthMax")]
    private const int NameLengthMax = 255;

    /// <summary>Registry and repository in full, as Docker sorts and stores them.</summary>
    public string Name => $"{Domain}/{Path}";

    /// <summary>The name as Docker shows it: without <c>docker.io/</c> and <c>library/</c>.</summary>
    public string FamiliarName => Domain != DefaultDomain
        ? Name
        : Path.StartsWith(OfficialPrefix, StringComparison.Ordinal) && !Path[OfficialPrefix.Length..].Contains('/') ? Path[OfficialPrefix.Length..] : Path;

    /// <summary>The whole reference as Docker shows it.</summary>
    public string Familiar => FamiliarName + Suffix;

    public bool IsNameOnly => Tag is null && Digest is null;

    /// <summary>Whether it is stored under its digest (reference.Canonical).</summary>
    public bool IsCanonical => Digest is not null;

    /// <summary>Whether it is in the registry that is meant where none is named.</summary>
    public bool IsInDefaultRegistry => Domain == DefaultDomain;

    private string Suffix => (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    public override string ToString() => Name + Suffix;

    /// <summary>Itself, or with <c>:latest</c> where it names nothing closer.</summary>
    public ImageName WithDefaultTag() => IsNameOnly ? this with { Tag = DefaultTag } : this;

    /// <summary>Reads a reference as one types it.</summary>
    /// <param name="error">Docker's text for one that is none; null when it is one.</param>
    public static ImageName? TryParse(string text, out string? error)
    {
        error = null;
        if (IsHexId(text))
        {
            error = $"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings";
            return null;
        }

        (string domain, string remainder) = SplitDomain(text);
        int colon = remainder.IndexOf(':');
        string repository = colon < 0 ? remainder : remainder[..colon];
        if (repository.Any(char.IsUpper))
        {
            error = $"{InvalidFormat}: repository name must be lowercase";
            return null;
        }

        string full = $"{domain}/{remainder}";
        Match match = Pattern().Match(full);
        if (!match.Success)
        {
            error = InvalidFormat;
            return null;
        }

        string digest = match.Groups["digest"].Value;
        if (match.Groups["name"].Length > NameLengthMax)
            error = $"repository name must not be more than {NameLengthMax} characters";
        else if (digest.Length > 0 && !digest.StartsWith(ContentIds.Prefix, StringComparison.Ordinal))
            error = "unsupported digest algorithm";
        else if (digest.Length > 0 && digest.Length != ContentIds.Prefix.Length + 64)
            error = "invalid checksum digest length";
        string tag = match.Groups["tag"].Value;
        return error is null
            ? new ImageName(match.Groups["domain"].Value, match.Groups["path"].Value, tag.Length > 0 ? tag : null, digest.Length > 0 ? digest : null)
            : null;
    }

    /// <exception cref="FormatException">Docker would not take it.</exception>
    public static ImageName Parse(string text) => TryParse(text, out string? error) ?? throw new FormatException(error);

    /// <summary>Whether a text is an image's whole id: 64 digits, with or without <c>sha256:</c>.</summary>
    public static bool IsId(string text) => IsHexId(ContentIds.Hex(text));

    private static bool IsHexId(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    private static (string Domain, string Remainder) SplitDomain(string text)
    {
        int slash = text.IndexOf('/');
        string domain = slash < 0 ? "" : text[..slash];
        bool isDomain = domain == "localhost" || domain.Contains('.') || domain.Contains(':');
        if (slash < 0 || !isDomain)
            return (DefaultDomain, text.Contains('/') ? text : OfficialPrefix + text);
        string remainder = text[(slash + 1)..];
        if (domain is DefaultDomain or LegacyDefaultDomain)
            return (DefaultDomain, remainder.Contains('/') ? remainder : OfficialPrefix + remainder);
        return (domain, remainder);
    }

    [GeneratedRegex(
        @"^(?<name>(?<domain>([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(\.([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(:[0-9]+)?)"
        + @"/(?<path>[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*))"
        + @"(:(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
        + @"(@(?<digest>[A-Za-z][A-Za-z0-9]*([-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
