namespace StorageLab.Model.FileSystems;

/// <summary>The extended attributes that the drivers set. An inode carries each at most once.</summary>
[Flags]
public enum ExtendedAttributes : byte
{
    None = 0,

    /// <summary><c>trusted.overlay.opaque=y</c>: nothing of the lower layers shows in this directory.</summary>
    OverlayOpaque = 1,

    /// <summary><c>trusted.overlay.origin</c>: file handle of the lower inode that this one was copied up from.</summary>
    OverlayOrigin = 2,
}
