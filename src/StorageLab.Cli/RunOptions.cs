namespace StorageLab.Cli;

/// <summary>What <c>storagelab run</c> was asked for beside the scenario.</summary>
/// <param name="Folder">Where the files go.</param>
/// <param name="ThreadCount">Variants replayed at once; at least 1.</param>
/// <param name="Mode">How the run shows itself.</param>
internal sealed record RunOptions(string Folder, int ThreadCount, OutputMode Mode);
