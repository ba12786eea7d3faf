namespace StorageLab.Scenarios.Recorded;

/// <summary>Where a field of a CSV record begins.</summary>
internal static class CsvPlace
{
    /// <param name="record">The record as it stands in the file; quoted fields may hold line breaks.</param>
    /// <param name="line">The record's first line.</param>
    /// <param name="field">The field, from 0; beyond the last it is the record's beginning.</param>
    /// <returns>Line and column, both from 1.</returns>
    public static (int Line, int Column) Of(ReadOnlySpan<char> record, int line, int field)
    {
        (int atLine, int atColumn, bool isQuoted) = (line, 1, false);
        foreach (char c in record)
        {
            if (field == 0)
                return (atLine, atColumn);
            isQuoted ^= c == '"';
            field -= c == ',' && !isQuoted ? 1 : 0;
            (atLine, atColumn) = c == '\n' ? (atLine + 1, 1) : (atLine, atColumn + 1);
        }

        return field == 0 ? (atLine, atColumn) : (line, 1);
    }
}
