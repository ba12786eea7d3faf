namespace StorageLab.Advice.Rules;

/// <summary>What a rule says of a driver, from the best to the worst.</summary>
public enum RuleVerdict
{
    Ok,

    /// <summary>Works with an option that has to be given.</summary>
    Conditional,

    /// <summary>Works, and will go.</summary>
    Deprecated,

    /// <summary>Works, but not for anything that has to last.</summary>
    TestOnly,

    /// <summary>Does not work.</summary>
    Refuse,
}
