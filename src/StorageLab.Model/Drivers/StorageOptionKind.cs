namespace StorageLab.Model.Drivers;

/// <summary>What kind of value a storage option takes.</summary>
public enum StorageOptionKind
{
    /// <summary>Bytes with a 1024-based suffix, as go-units' RAMInBytes reads them: <c>10G</c>, <c>512MiB</c>, <c>65536</c>.</summary>
    Size,

    /// <summary>A whole number of percent; with its sign where Docker demands one.</summary>
    Percent,

    /// <summary>true or false, in the spellings of Go's strconv.ParseBool.</summary>
    Boolean,

    /// <summary>A whole number, not negative.</summary>
    Count,

    /// <summary>One of a few words.</summary>
    Choice,

    Text,
}
