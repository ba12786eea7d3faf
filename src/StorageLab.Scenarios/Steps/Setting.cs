using System.Collections.Immutable;

namespace StorageLab.Scenarios.Steps;

/// <summary>One key of a mapping in a scenario. The reader and the JSON schema both go by these, so that they cannot differ.</summary>
/// <param name="Name">The key.</param>
/// <param name="Kind">What its value is.</param>
/// <param name="Summary">What it says, for the editor's help.</param>
/// <param name="IsRequired">Whether it must be there.</param>
internal sealed record Setting(string Name, SettingKind Kind, string Summary, bool IsRequired = false)
{
    /// <summary>The words a <see cref="SettingKind.Choice"/> takes.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];
}
