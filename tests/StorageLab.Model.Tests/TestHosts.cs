using System.Collections.Immutable;
using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;

namespace StorageLab.Model.Tests;

/// <summary>Small hosts and images for tests.</summary>
internal static class TestHosts
{
    public static DiskProfile Profile { get; } = new()
    {
        Name = "test",
        ReadBytesPerSecond = 500_000_000,
        WriteBytesPerSecond = 400_000_000,
        ReadLatencyNanoseconds = 100_000,
        WriteLatencyNanoseconds = 50_000,
        SeekNanoseconds = 0,
        FlushNanoseconds = 500_000,
        QueueDepth = 8,
    };

    public static HostSpec Host(string fileSystem = "xfs", string kernel = "6.1", long diskBytes = 60L << 30) => new()
    {
        Name = "test",
        Kernel = KernelVersion.Parse(kernel),
        DiskBytes = diskBytes,
        Profile = Profile,
        FileSystem = fileSystem,
    };

    public static VariantSpec Variant(string driver, string fileSystem = "xfs", string kernel = "6.1", params (string Key, string Value)[] options) => new()
    {
        Name = driver,
        Driver = driver,
        Host = Host(fileSystem, kernel),
        Options = options.ToImmutableSortedDictionary(option => option.Key, option => option.Value),
    };

    /// <summary>An image of layers given as entries: <c>dir/</c>, <c>file=SIZE</c>, <c>-gone</c> (whiteout), <c>dir!</c> (opaque).</summary>
    public static ImageDefinition Image(NameTable names, string tag, params string[][] layers) => new()
    {
        Key = tag,
        Tag = tag,
        ImageId = ContentIds.Of(tag),
        Layers = [.. layers.Select(entries => new ImageLayer(ContentIds.Of(string.Join(';', entries)), 0, Layer(names, entries)))],
    };

    public static LayerContent Layer(NameTable names, params string[] entries)
    {
        LayerContentBuilder builder = new(names);
        foreach (string entry in entries)
        {
            if (entry.StartsWith('-'))
                builder.Add(entry.TrimStart('-'), LayerEntryKind.Whiteout, 0);
            else if (entry.EndsWith('!'))
                builder.Add(entry.TrimEnd('!', '/'), LayerEntryKind.OpaqueMarker, 0);
            else if (entry.EndsWith('/'))
                builder.Add(entry.TrimEnd('!', '/'), LayerEntryKind.Directory, 0);
            else
                builder.Add(entry.Split('=')[0], LayerEntryKind.File, long.Parse(entry.Split('=')[1]));
        }

        return builder.Build();
    }
}
