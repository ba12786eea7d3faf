using System.Formats.Tar;
using System.Security.Cryptography;
using StorageLab.Model.Images;

namespace StorageLab.Scenarios.Archives;

/// <summary>Reads a layer's tar, plain or compressed, into what it unpacks to. No more than a header is in memory at a time.</summary>
internal sealed class LayerTarReader(NameTable names)
{
    /// <summary>Entries of all layers of an archive; bounds the memory a hostile one can take.</summary>
    private const int ArchiveEntryCountMax = 2_000_000;

    // pkg/archive/whiteouts.go
    private const string WhiteoutPrefix = ".wh.";
    private const string WhiteoutMetaPrefix = ".wh..wh.";
    private const string OpaqueMarker = ".wh..wh..opq";

    // GNU tar, "Sparse Formats".
    private const string SparseAttributes = "GNU.sparse.";

    private int _entryCount;

    /// <summary>Reads one layer.</summary>
    /// <param name="packed">The layer as the archive holds it: seekable, at its beginning.</param>
    /// <returns>The layer with its real diff ID, and the digest of the bytes as the archive holds them.</returns>
    public (ImageLayer Layer, string BlobDigest) Read(Stream packed)
    {
        using IncrementalHash blobHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using IncrementalHash tarHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long packedBytes = packed.Length;
        using Stream? probe = Compression.TryOpen(packed);
        if (probe is null)
        {
            MeasuredStream plain = new(packed, long.MaxValue, tarHash);
            LayerContent content = ReadEntries(plain);
            string digest = ContentDigest.Format(tarHash.GetHashAndReset());
            return (new ImageLayer(digest, packedBytes, content), digest);
        }

        MeasuredStream blob = new(packed, long.MaxValue, blobHash);
        using Stream unpacked = Reopen(probe, blob);
        MeasuredStream tar = new(unpacked, Compression.UnpackedBytesMax(packedBytes), tarHash);
        LayerContent entries = ReadEntries(tar);
        blob.Drain();
        ImageLayer layer = new(ContentDigest.Format(tarHash.GetHashAndReset()), packedBytes, entries);
        return (layer, ContentDigest.Format(blobHash.GetHashAndReset()));
    }

    private static Stream Reopen(Stream probe, Stream blob) => probe is System.IO.Compression.GZipStream
        ? new System.IO.Compression.GZipStream(blob, System.IO.Compression.CompressionMode.Decompress, leaveOpen: true)
        : new ZstdSharp.DecompressionStream(blob, leaveOpen: true);

    private LayerContent ReadEntries(MeasuredStream tar)
    {
        LayerContentBuilder layer = new(names);
        LayerLimits limits = new();
        using (TarReader reader = new(tar, leaveOpen: true))
        {
            while (TarEntries.Next(reader) is { } entry)
                Add(layer, limits, entry);
        }

        // The padding after the last entry is part of the layer's digest.
        tar.Drain();
        return layer.Build();
    }

    private void Add(LayerContentBuilder layer, LayerLimits limits, TarEntry entry)
    {
        if (ArchivePath.Clean(entry.Name) is not { } path)
            throw new ArchiveException($"entry '{LayerLimits.Shown(entry.Name)}' leads out of the layer, or is longer than Linux takes");
        int before = layer.Count;
        if (path.Length > 0)
        {
            try
            {
                AddAt(layer, path, entry);
            }
            catch (ArgumentException e)
            {
                throw new ArchiveException($"entry '{LayerLimits.Shown(entry.Name)}': {LayerLimits.FirstLine(e)}");
            }
        }

        if (limits.Exceeded(layer.Count, IsFile(entry) ? entry.Length : 0) is { } problem)
            throw new ArchiveException(problem);
        _entryCount += layer.Count - before;
        if (_entryCount > ArchiveEntryCountMax)
            throw new ArchiveException($"the archive's layers have more than {ArchiveEntryCountMax} entries in all");
    }

    private static void AddAt(LayerContentBuilder layer, string path, TarEntry entry)
    {
        int slash = path.LastIndexOf('/');
        string name = path[(slash + 1)..];
        if (name.StartsWith(WhiteoutMetaPrefix, StringComparison.Ordinal))
        {
            // Other names with this prefix are aufs's own; Docker passes over them, too.
            if (name == OpaqueMarker && slash > 0)
                layer.Add(path.AsSpan(0, slash), LayerEntryKind.OpaqueMarker, 0);
            return;
        }

        if (name.StartsWith(WhiteoutPrefix, StringComparison.Ordinal))
        {
            string hidden = name[WhiteoutPrefix.Length..];
            if (hidden is "" or "." or "..")
                throw new ArchiveException($"whiteout '{LayerLimits.Shown(path)}' hides no name");
            layer.Add(string.Concat(path.AsSpan(0, slash + 1), hidden), LayerEntryKind.Whiteout, 0);
            return;
        }

        // Its length is that of the map and the data in it; Docker's own tars never hold one.
        if (entry is PaxTarEntry pax && pax.ExtendedAttributes.Keys.Any(key => key.StartsWith(SparseAttributes, StringComparison.Ordinal)))
            throw new ArchiveException($"entry '{LayerLimits.Shown(path)}' is a sparse file in GNU tar's own form, which no layer holds");
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                layer.Add(path, LayerEntryKind.File, entry.Length, (ushort)entry.Mode);
                break;
            case TarEntryType.Directory:
                layer.Add(path, LayerEntryKind.Directory, 0, (ushort)entry.Mode);
                break;
            case TarEntryType.SymbolicLink:
                layer.AddSymlink(path, entry.LinkName);
                break;
            case TarEntryType.HardLink:
                AddHardLink(layer, path, entry);
                break;
            case TarEntryType.CharacterDevice or TarEntryType.BlockDevice or TarEntryType.Fifo:
                layer.Add(path, LayerEntryKind.Special, 0);
                break;
            case TarEntryType.GlobalExtendedAttributes:
                break;
            default:
                string type = LayerLimits.Shown(((char)entry.EntryType).ToString());
                throw new ArchiveException($"entry '{LayerLimits.Shown(path)}' is of type '{type}', which no layer holds");
        }
    }

    private static void AddHardLink(LayerContentBuilder layer, string path, TarEntry entry)
    {
        if (ArchivePath.Clean(entry.LinkName) is not { Length: > 0 } target)
            throw new ArchiveException($"hard link '{LayerLimits.Shown(path)}' leads out of the layer: '{LayerLimits.Shown(entry.LinkName)}'");
        if (target == path)
            throw new ArchiveException($"hard link '{LayerLimits.Shown(path)}' names itself");
        layer.AddHardLink(path, target);
    }

    private static bool IsFile(TarEntry entry) =>
        entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile;
}
