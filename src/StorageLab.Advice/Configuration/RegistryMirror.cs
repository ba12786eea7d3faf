namespace StorageLab.Advice.Configuration;

/// <summary>The address of a registry mirror as Docker wants it: http or https, a host, and nothing behind it.</summary>
/// <remarks>Source: moby v20.10.24, registry/config.go, ValidateMirror.</remarks>
internal static class RegistryMirror
{
    /// <summary>Docker's text for a wrong one, and what would be right; null for a good one.</summary>
    public static string? Problem(string mirror)
    {
        if (!Uri.TryCreate(mirror, UriKind.Absolute, out Uri? uri))
            return $"invalid mirror: \"{mirror}\" is not a valid URI; write it as https://mirror.example.org";
        if (uri.Scheme is not ("http" or "https"))
            return $"invalid mirror: unsupported scheme \"{uri.Scheme}\" in \"{mirror}\"; write it as https://{Rest(mirror)}";
        if (uri.UserInfo.Length > 0)
            return $"invalid mirror: username/password not allowed in URI \"{uri.Scheme}://xxxxx@{uri.Authority}\"; leave them out";
        return uri.AbsolutePath is "" or "/" && uri.Query.Length == 0 && uri.Fragment.Length == 0
            ? null
            : $"invalid mirror: path, query, or fragment at end of the URI \"{mirror}\"; write only {uri.Scheme}://{uri.Authority}";
    }

    /// <summary>The nearest good address; null when there is none.</summary>
    public static string? Mended(string mirror)
    {
        string full = mirror.Contains("://", StringComparison.Ordinal) ? mirror : "https://" + mirror;
        return Uri.TryCreate(full, UriKind.Absolute, out Uri? uri) && uri.Host.Length > 0
            ? $"{(uri.Scheme == "http" ? "http" : "https")}://{uri.Authority}"
            : null;
    }

    private static string Rest(string mirror) => mirror[(mirror.IndexOf("://", StringComparison.Ordinal) + 3)..];
}
