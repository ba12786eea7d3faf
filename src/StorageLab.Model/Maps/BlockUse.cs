namespace StorageLab.Model.Maps;

/// <summary>What a piece of the driver's storage holds.</summary>
public enum BlockUse
{
    /// <summary>Nothing, and nothing is allocated for it.</summary>
    Free,

    /// <summary>Nothing any more, but the sparse file still holds it of the disk.</summary>
    Held,

    /// <summary>One layer or container.</summary>
    Live,

    /// <summary>Several layers or containers.</summary>
    Shared,

    /// <summary>Docker's own files, and the file system's: what belongs to no layer.</summary>
    Other,
}
