namespace StorageLab.Model.Images;

/// <summary>What unpacking one layer does to a file system: its entries in order. Immutable and shared by all drivers.</summary>
public sealed class LayerContent
{
    private readonly LayerEntry[] _entries;

    internal LayerContent(LayerEntry[] entries)
    {
        _entries = entries;
        foreach (LayerEntry entry in entries)
        {
            if (entry.Kind == LayerEntryKind.File)
                FileBytes += entry.SizeBytes;
            if (entry.Kind == LayerEntryKind.Symlink)
                SymlinkBytes += entry.SizeBytes;
        }
    }

    /// <summary>Entries in the archive's order; every parent and every hard link's target comes before the entry itself.</summary>
    public ReadOnlySpan<LayerEntry> Entries => _entries;

    /// <summary>Content of regular files, each hard-linked file once, in bytes: what Docker stores as the layer's size on devicemapper.</summary>
    public long FileBytes { get; }

    /// <summary>Lengths of symbolic links' targets, in bytes: overlay2 adds them to the layer's size (groundtruth FINDINGS, "Cost of a load").</summary>
    public long SymlinkBytes { get; }
}
