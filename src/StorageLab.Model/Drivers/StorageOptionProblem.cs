namespace StorageLab.Model.Drivers;

/// <summary>What is wrong with one storage option, and what would be right.</summary>
/// <param name="Option">The option's name as it was given.</param>
/// <param name="IsName">Whether the name is wrong; else its value is.</param>
/// <param name="Message">One line without a final stop.</param>
public sealed record StorageOptionProblem(string Option, bool IsName, string Message);
