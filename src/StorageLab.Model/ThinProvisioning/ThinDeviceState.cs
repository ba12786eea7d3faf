namespace StorageLab.Model.ThinProvisioning;

/// <summary>
/// What the pool knows of a thin device: its details (struct dm_thin_device, dm-thin-metadata.c) and where its mappings are.
/// </summary>
internal sealed class ThinDeviceState(uint id)
{
    public uint Id { get; } = id;

    /// <summary>Root of the mapping tree in this transaction.</summary>
    public int Root;

    public long MappedBlockCount;
    public long TransactionId;
    public uint CreationTime;

    /// <summary>Mappings made before this pool time may be shared.</summary>
    public uint SnapshottedTime;

    /// <summary>Whether mappings or details changed in this transaction: only then does a flush commit.</summary>
    public bool HasChanged;

    /// <summary>Whether changes of this device were lost in a rollback: its flushes fail from then on.</summary>
    public bool LostChanges;

    public int OpenCount;

    /// <summary>Pages of the look-up index a device of the opened length has.</summary>
    public int PageCount;

    /// <summary>Page numbers in <see cref="MappingIndex"/>, or null when none is loaded.</summary>
    public int[]? Pages;

    /// <summary>The page of this device that was loaded last.</summary>
    public int LastPage = MappingIndex.NoPage;
}
