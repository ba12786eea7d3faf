using System.Collections.Immutable;

namespace StorageLab.Model.Replay;

/// <summary>One instruction of a build that makes a layer: a RUN or COPY as the file operations it does.</summary>
/// <param name="Text">The instruction as history shows it; with the parent it decides the build cache.</param>
/// <param name="Operations">What it does to the files; empty for an instruction that only changes the configuration.</param>
public sealed record BuildInstruction(string Text, ImmutableArray<ContainerOperation> Operations);
