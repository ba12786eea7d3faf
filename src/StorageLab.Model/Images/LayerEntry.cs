namespace StorageLab.Model.Images;

/// <summary>One entry of a layer, in the archive's order, with its parent before it.</summary>
/// <param name="ParentIndex">Index of the entry's directory in <see cref="LayerContent.Entries"/>; -1 for the layer's root.</param>
/// <param name="Name">Last component of its path; for <see cref="LayerEntryKind.Whiteout"/> the name it hides.</param>
/// <param name="Kind">What it is.</param>
/// <param name="SizeBytes">Content of a file, or length of a symbolic link's target, in bytes; else 0.</param>
/// <param name="LinkIndex">Index of the entry a hard link names, which may be an implied one of a lower layer;
/// for a symbolic link the id of its <see cref="LinkTarget"/>; else -1.</param>
/// <param name="Mode">Permission bits as chmod takes them. They take no room, so the model passes over them; a real host is given them.</param>
public readonly record struct LayerEntry(int ParentIndex, NameId Name, LayerEntryKind Kind, long SizeBytes, int LinkIndex, ushort Mode = LayerEntry.DefaultMode)
{
    /// <summary>Where a listing says nothing: what everybody may read, enter and start.</summary>
    public const ushort DefaultMode = 0x1ED; // 0755
}
