namespace StorageLab.Scenarios;

/// <summary>What one layer may hold, so that a hostile listing or archive is refused before it costs memory or overflows a sum.</summary>
internal sealed class LayerLimits
{
    /// <summary>moby v20.10.24, layer/layer_store.go: maxLayerDepth.</summary>
    public const int LayerCountMax = 125;

    /// <summary>Entries of a layer, with the directories they imply. The largest public images hold a few hundred thousand.</summary>
    public const int EntryCountMax = 1_000_000;

    /// <summary>ext4's largest file with 4 KiB blocks.</summary>
    public const long FileBytesMax = 16L << 40;

    /// <summary>File content of one layer: far above any disk the lab simulates, far below where sums overflow.</summary>
    public const long LayerBytesMax = 64L << 40;

    /// <summary>include/uapi/linux/limits.h: PATH_MAX.</summary>
    public const int PathLengthMax = 4096;

    private long _fileBytes;

    /// <summary>What is too much after an entry was added, or null.</summary>
    public string? Exceeded(int entryCount, long fileBytes)
    {
        if (entryCount > EntryCountMax)
            return $"the layer has more than {EntryCountMax} entries";
        if (fileBytes > FileBytesMax)
            return $"a file has {fileBytes} bytes; the largest that ext4 holds has {FileBytesMax}";
        _fileBytes += fileBytes;
        return _fileBytes > LayerBytesMax ? $"the layer's files have more than {LayerBytesMax} bytes" : null;
    }

    /// <summary>A path or word from a file as it may stand in a message: short, and without control characters.</summary>
    public static string Shown(string text)
    {
        return ShownLine(text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "..."));
    }

    /// <summary>A whole message without control characters, so that it stays one line.</summary>
    public static string ShownLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));

    /// <summary>The message of an argument exception without the parameter's name.</summary>
    public static string FirstLine(ArgumentException e) => Shown(e.Message.Split(" (Parameter", 2)[0]);
}
