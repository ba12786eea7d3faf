namespace StorageLab.Model.Measurement;

/// <summary>Where in a stack bytes are counted, from what was asked for down to the disk.</summary>
public enum Floor
{
    /// <summary>What Docker and the containers asked to write: file content.</summary>
    Content,

    /// <summary>All thin devices together: what their file systems sent down.</summary>
    Thin,

    /// <summary>The pool's data device: the loop device of the data file, or the data volume.</summary>
    DataDevice,

    /// <summary>The pool's metadata device.</summary>
    MetadataDevice,

    /// <summary>The disk under all of it.</summary>
    Disk,

    /// <summary>The disk of Docker's root where that is another one (direct-lvm).</summary>
    RootDisk,
}
