using StorageLab.Model.Images;

namespace StorageLab.Shell.Docker;

/// <summary>What a command did, as the step of a scenario that does the same: what its sample says.</summary>
/// <param name="Operation">The step's word: pull, run, rmi, ….</param>
/// <param name="Target">What it was done to.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record DockerStep(string Operation, string Target, DockerOutcome Outcome);
