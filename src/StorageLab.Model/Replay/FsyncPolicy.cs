namespace StorageLab.Model.Replay;

/// <summary>When a writing operation calls fsync.</summary>
public enum FsyncPolicy : byte
{
    /// <summary>Once, before the file is closed.</summary>
    End,

    /// <summary>After every write.</summary>
    Each,

    /// <summary>Never; the step's sync writes the data.</summary>
    Never,
}
