namespace StorageLab.Advice.Configuration;

/// <summary>What Docker makes of a mistake in its configuration.</summary>
public enum FindingSeverity
{
    /// <summary>It starts, but not with what was meant.</summary>
    Warning,

    /// <summary>It does not start.</summary>
    Fatal,
}
