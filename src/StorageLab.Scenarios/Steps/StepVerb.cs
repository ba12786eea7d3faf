using System.Collections.Immutable;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Values;

namespace StorageLab.Scenarios.Steps;

/// <summary>Makes a step at one turn of the loops around it.</summary>
internal delegate Step StepMaker(ReplayScope scope);

/// <summary>A word for a step that yields one sample.</summary>
/// <param name="Name">Docker's word.</param>
/// <param name="Summary">What it does, for the editor's help.</param>
/// <param name="Short">The setting that a lone scalar stands for; null where settings are always needed.</param>
/// <param name="Settings">Its settings; empty for a word that stands alone.</param>
/// <param name="Compile">Reads the settings.</param>
internal sealed record StepVerb(string Name, string Summary, string? Short, ImmutableArray<Setting> Settings, Func<SettingMap, StepMaker> Compile)
{
    /// <summary>Whether the word may stand without a value.</summary>
    public bool StandsAlone => Settings.All(setting => !setting.IsRequired);
}
