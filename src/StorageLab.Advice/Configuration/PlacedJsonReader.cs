using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace StorageLab.Advice.Configuration;

/// <summary>Reads JSON and keeps where everything stands, which no library of .NET does.</summary>
internal ref struct PlacedJsonReader
{
    private readonly ReadOnlySpan<byte> _text;
    private Utf8JsonReader _reader;

    private PlacedJsonReader(ReadOnlySpan<byte> text, JsonReaderOptions options)
    {
        _text = text;
        _reader = new Utf8JsonReader(text, options);
    }

    /// <summary>Reads the first value; what follows it is left, as Docker leaves it (a stream decoder).</summary>
    /// <param name="isLenient">Whether comments and commas before a closing bracket are passed over.</param>
    /// <param name="rest">Offset behind the value, in bytes.</param>
    /// <exception cref="JsonException">It is no JSON; line and position in the exception count from 0.</exception>
    public static JsonPiece Read(ReadOnlySpan<byte> text, bool isLenient, out int rest)
    {
        PlacedJsonReader reader = new(text, new JsonReaderOptions
        {
            AllowMultipleValues = true,
            AllowTrailingCommas = isLenient,
            CommentHandling = isLenient ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
        });
        if (!reader._reader.Read())
            throw new JsonException("the text is empty", path: null, lineNumber: 0, bytePositionInLine: 0);
        JsonPiece piece = reader.ReadValue();
        rest = (int)reader._reader.BytesConsumed;
        return piece;
    }

    /// <summary>Line and column, in characters, of a byte of the text; both from 1.</summary>
    public static (int Line, int Column) PlaceOf(ReadOnlySpan<byte> text, int offset)
    {
        ReadOnlySpan<byte> before = text[..Math.Min(offset, text.Length)];
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }

    private JsonPiece ReadValue()
    {
        (int line, int column) = PlaceOf(_text, (int)_reader.TokenStartIndex);
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ImmutableArray<JsonPieceMember>.Builder members = ImmutableArray.CreateBuilder<JsonPieceMember>();
                while (Next() != JsonTokenType.EndObject)
                {
                    (int nameLine, int nameColumn) = PlaceOf(_text, (int)_reader.TokenStartIndex);
                    string name = Text();
                    Next();
                    members.Add(new JsonPieceMember(name, nameLine, nameColumn, ReadValue()));
                }

                return new JsonPiece(JsonValueKind.Object, "{…}", members.ToImmutable(), [], line, column);
            case JsonTokenType.StartArray:
                ImmutableArray<JsonPiece>.Builder items = ImmutableArray.CreateBuilder<JsonPiece>();
                while (Next() != JsonTokenType.EndArray)
                    items.Add(ReadValue());
                return new JsonPiece(JsonValueKind.Array, "[…]", [], items.ToImmutable(), line, column);
            default:
                JsonValueKind kind = _reader.TokenType switch
                {
                    JsonTokenType.String => JsonValueKind.String,
                    JsonTokenType.Number => JsonValueKind.Number,
                    JsonTokenType.True => JsonValueKind.True,
                    JsonTokenType.False => JsonValueKind.False,
                    _ => JsonValueKind.Null,
                };
                string text = kind == JsonValueKind.String ? Text() : Encoding.UTF8.GetString(_reader.ValueSpan);
                return new JsonPiece(kind, text, [], [], line, column);
        }
    }

    /// <summary>The current name or string; bytes that are no UTF-8 and halves of surrogates make it no JSON.</summary>
    private readonly string Text()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            (int line, int column) = PlaceOf(_text, (int)_reader.TokenStartIndex);
            throw new JsonException("a text holds bytes that are no UTF-8", path: null, line - 1, column - 1);
        }
    }

    private JsonTokenType Next()
    {
        if (!_reader.Read())
            throw new JsonException("the text ends too early");
        return _reader.TokenType;
    }
}
