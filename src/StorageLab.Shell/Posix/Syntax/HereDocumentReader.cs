namespace StorageLab.Shell.Posix.Syntax;

/// <summary>Reads the lines of a here-document up to its delimiter.</summary>
internal static class HereDocumentReader
{
    public static Word Read(ScriptCursor cursor, HereDocument document, int operatorIndex)
    {
        int start = cursor.Index;
        List<int> indices = [];
        while (cursor.ReadRawLine(out int lineStart) is { } line)
        {
            int tabCount = document.DropsTabs ? line.Length - line.TrimStart('\t').Length : 0;
            if (line[tabCount..] == document.Delimiter)
            {
                ScriptText body = cursor.Text.Pick(indices, lineStart);
                return document.IsLiteral
                    ? new Word(cursor.Text.PlaceOf(start), [new WordPart.Literal(body.Text, IsQuoted: true)])
                    : new WordReader(new ScriptCursor(body)).ReadHereDocument();
            }

            // The line's end belongs to it; at the end of the text there is none, and then no delimiter follows either.
            indices.AddRange(Enumerable.Range(lineStart + tabCount, Math.Min(line.Length - tabCount + 1, cursor.Text.Text.Length - lineStart - tabCount)));
        }

        throw NotEnded(cursor, document, operatorIndex);
    }

    public static ScriptException NotEnded(ScriptCursor cursor, HereDocument document, int operatorIndex) => cursor.Text.Wrong(
        operatorIndex, $"this here-document does not end; a line '{document.Delimiter}' has to follow it", Incompleteness.Command);
}
