using System.Collections.Immutable;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Values;

namespace StorageLab.Scenarios.Steps;

/// <summary>Makes a file operation at one turn of the loops around it.</summary>
internal delegate ContainerOperation OperationMaker(ReplayScope scope);

/// <summary>A word for something a process does to its files: in a container, or in an instruction of a build.</summary>
internal sealed record OperationVerb(string Name, string Summary, ImmutableArray<Setting> Settings, Func<SettingMap, OperationMaker> Compile);
