using System.Collections.Immutable;
using System.Text.Json;

namespace StorageLab.Advice.Configuration;

/// <summary>A value of a JSON text with its place.</summary>
/// <param name="Kind">What it is; for a string or number <paramref name="Text"/> holds it.</param>
/// <param name="Text">Of a string what it says, of anything else how it is written.</param>
/// <param name="Members">Of an object, in the order of the text; names may come twice.</param>
/// <param name="Items">Of an array.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
internal sealed record JsonPiece(JsonValueKind Kind, string Text, ImmutableArray<JsonPieceMember> Members, ImmutableArray<JsonPiece> Items, int Line, int Column)
{
    /// <summary>The last member of that name, which is the one that counts; null when there is none.</summary>
    public JsonPiece? Find(string name) => Members.LastOrDefault(member => member.Name == name)?.Value;
}
