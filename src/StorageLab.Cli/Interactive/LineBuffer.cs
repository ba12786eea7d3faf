namespace StorageLab.Cli.Interactive;

/// <summary>A line that is being edited, and where in it the cursor stands.</summary>
internal sealed class LineBuffer
{
    public string Text { get; private set; } = "";

    /// <summary>From 0 to the text's length.</summary>
    public int Cursor { get; private set; }

    public string BeforeCursor => Text[..Cursor];

    public void Set(string text)
    {
        Text = text;
        Cursor = text.Length;
    }

    public void Insert(string text)
    {
        Text = Text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    public void MoveBy(int count) => Cursor = Math.Clamp(Cursor + count, 0, Text.Length);

    public void MoveToStart() => Cursor = 0;

    public void MoveToEnd() => Cursor = Text.Length;

    public void MoveToWordStart() => Cursor = WordStart();

    public void MoveToWordEnd()
    {
        while (Cursor < Text.Length && char.IsWhiteSpace(Text[Cursor]))
            Cursor++;
        while (Cursor < Text.Length && !char.IsWhiteSpace(Text[Cursor]))
            Cursor++;
    }

    public void DeleteBack()
    {
        if (Cursor > 0)
            Remove(Cursor - 1, Cursor);
    }

    public void DeleteForward()
    {
        if (Cursor < Text.Length)
            Remove(Cursor, Cursor + 1);
    }

    public void DeleteToStart() => Remove(0, Cursor);

    public void DeleteToEnd() => Remove(Cursor, Text.Length);

    public void DeleteWordBack() => Remove(WordStart(), Cursor);

    private void Remove(int start, int end)
    {
        Text = Text.Remove(start, end - start);
        Cursor = start;
    }

    private int WordStart()
    {
        int at = Cursor;
        while (at > 0 && char.IsWhiteSpace(Text[at - 1]))
            at--;
        while (at > 0 && !char.IsWhiteSpace(Text[at - 1]))
            at--;
        return at;
    }
}
