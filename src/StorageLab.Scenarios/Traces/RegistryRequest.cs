using System.Text.Json;

namespace StorageLab.Scenarios.Traces;

/// <summary>One request of a registry's access log, as far as it is of interest.</summary>
internal ref struct RegistryRequest
{
    /// <summary>Longest path that is looked at.</summary>
    private const int PathLengthMax = 512;

    public bool IsGet;
    public int Status;
    public long WrittenBytes;

    /// <summary>Path of the address.</summary>
    public ReadOnlySpan<char> Path;

    /// <summary>Who asked, if the log says; 0 for nobody.</summary>
    public ulong Client;

    /// <summary>Reads a request.</summary>
    /// <param name="characters">Room for its path.</param>
    /// <returns>What is wrong with it; null when it was read.</returns>
    public static string? Read(ReadOnlySpan<byte> json, Span<char> characters, out RegistryRequest request)
    {
        request = default;
        bool hasMethod = false, hasPath = false, hasStatus = false;
        try
        {
            Utf8JsonReader reader = new(json);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("http.request.method"u8))
                {
                    reader.Read();
                    request.IsGet = reader.ValueTextEquals("GET"u8);
                    hasMethod = true;
                }
                else if (reader.ValueTextEquals("http.request.uri"u8))
                {
                    reader.Read();
                    if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > PathLengthMax)
                        return $"http.request.uri has to be a text of at most {PathLengthMax} characters";
                    request.Path = characters[..reader.CopyString(characters)];
                    hasPath = true;
                }
                else if (reader.ValueTextEquals("http.response.status"u8))
                {
                    reader.Read();
                    if (!reader.TryGetInt32(out request.Status))
                        return "http.response.status has to be a whole number";
                    hasStatus = true;
                }
                else if (reader.ValueTextEquals("http.response.written"u8))
                {
                    reader.Read();
                    if (!reader.TryGetInt64(out request.WrittenBytes) || request.WrittenBytes is < 0 or > LayerLimits.LayerBytesMax)
                        return "http.response.written has to be a number of bytes";
                }
                else if (reader.ValueTextEquals("http.request.remoteaddr"u8))
                {
                    reader.Read();
                    request.Client = ClientOf(reader.ValueSpan);
                }
                else
                {
                    reader.Read();
                    reader.Skip();
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "the object is no JSON that can be read";
        }

        return !hasMethod ? "http.request.method is missing" : !hasPath ? "http.request.uri is missing" : !hasStatus ? "http.response.status is missing" : null;
    }

    /// <summary>Takes a path apart: <c>v2/NAME/manifests/REFERENCE</c> or <c>v2/NAME/blobs/DIGEST</c>.</summary>
    /// <returns>False for any other.</returns>
    public readonly bool TrySplit(out ReadOnlySpan<char> name, out bool isManifest, out ReadOnlySpan<char> reference)
    {
        name = reference = default;
        isManifest = false;
        ReadOnlySpan<char> path = Path.TrimStart('/');
        if (!path.StartsWith("v2/"))
            return false;
        path = path[3..];
        int query = path.IndexOf('?');
        path = query < 0 ? path : path[..query];
        int last = path.LastIndexOf('/');
        int before = last < 1 ? -1 : path[..last].LastIndexOf('/');
        if (before < 1 || last == path.Length - 1)
            return false;
        ReadOnlySpan<char> kind = path[(before + 1)..last];
        isManifest = kind is "manifests";
        name = path[..before];
        reference = path[(last + 1)..];
        return isManifest || kind is "blobs";
    }

    /// <summary>A number for an address (FNV-1a): it only tells clients apart.</summary>
    private static ulong ClientOf(ReadOnlySpan<byte> address)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in address)
            hash = unchecked((hash ^ b) * 1099511628211);
        return hash | 1;
    }
}
