namespace StorageLab.Model.Images;

/// <summary>What one entry of a layer's archive is.</summary>
public enum LayerEntryKind : byte
{
    /// <summary>A path the archive does not name itself: the directory of one of its entries (made with defaults when no lower layer has it),
    /// or a hard link's target in a lower layer.</summary>
    Implied,
    Directory,
    File,
    Symlink,

    /// <summary>A second name of an entry of the same archive (<see cref="LayerEntry.LinkIndex"/>).</summary>
    HardLink,

    /// <summary>A character or block device, a FIFO or a socket: an inode without blocks.</summary>
    Special,

    /// <summary><c>.wh.NAME</c>: the lower layers' NAME is gone.</summary>
    Whiteout,

    /// <summary><c>.wh..wh..opq</c>: nothing of the lower layers shows in the directory that is the entry's parent.</summary>
    OpaqueMarker,
}
