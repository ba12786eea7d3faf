namespace StorageLab.Advice.Configuration;

/// <summary>A member of an object with the place of its name.</summary>
internal sealed record JsonPieceMember(string Name, int Line, int Column, JsonPiece Value);
