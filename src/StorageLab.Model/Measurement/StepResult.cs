namespace StorageLab.Model.Measurement;

/// <summary>How a step ended.</summary>
public enum StepResult
{
    Ok,

    /// <summary>Docker said no, with its own text: an image in use, an unknown name. The host is unchanged.</summary>
    Refused,

    /// <summary>The storage gave out: pool full, disk full, read-only. What had been written stays.</summary>
    Failed,
}
