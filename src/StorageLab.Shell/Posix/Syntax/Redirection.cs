namespace StorageLab.Shell.Posix.Syntax;

/// <summary>One redirection of a command.</summary>
/// <param name="Descriptor">0, 1 or 2: the stream that is redirected.</param>
/// <param name="Target">The file's name, the descriptor to copy, or the here-document's delimiter.</param>
/// <param name="Document">The here-document; else null.</param>
public sealed record Redirection(SourcePlace Place, RedirectionKind Kind, int Descriptor, Word Target, HereDocument? Document = null);
