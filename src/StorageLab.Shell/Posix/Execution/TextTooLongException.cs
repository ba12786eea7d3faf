namespace StorageLab.Shell.Posix.Execution;

/// <summary>A text grew beyond what the lab keeps, as a loop that doubles it does.</summary>
public sealed class TextTooLongException(int lengthMax) : Exception($"a text has more than {lengthMax} characters");
