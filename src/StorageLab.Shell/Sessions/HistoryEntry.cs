namespace StorageLab.Shell.Sessions;

/// <summary>Something that was typed and ran.</summary>
/// <param name="Text">The lines.</param>
/// <param name="Input">What its commands read from their input, to be given to them again.</param>
public sealed record HistoryEntry(string Text, string Input);
