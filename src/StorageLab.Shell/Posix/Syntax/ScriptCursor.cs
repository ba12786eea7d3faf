using System.Text;

namespace StorageLab.Shell.Posix.Syntax;

/// <summary>A place in a script that moves forward, over continued lines as if they were one.</summary>
internal sealed class ScriptCursor(ScriptText text)
{
    /// <summary>What <see cref="Peek"/> gives at the end; a script cannot hold this character.</summary>
    public const char End = '\0';

    private readonly Queue<(int Index, HereDocument Document)> _pending = new();

    public ScriptText Text { get; } = text;

    public int Index { get; private set; }

    public bool IsAtEnd => Peek() == End;

    public SourcePlace Place
    {
        get
        {
            _ = Peek();
            return Text.PlaceOf(Index);
        }
    }

    /// <summary>The next character, behind a backslash at the end of a line.</summary>
    public char Peek()
    {
        Index = SkipContinuations(Index);
        return At(Index);
    }

    /// <summary>The character after the next.</summary>
    public char PeekSecond() => IsAtEnd ? End : At(SkipContinuations(Index + 1));

    /// <summary>A character from the next on as it stands, a backslash at the end of a line included: inside single quotes.</summary>
    public char PeekRaw(int distance = 0) => At(Index + distance);

    /// <summary>The characters from the next on that a test holds for, at most so many; the cursor stays.</summary>
    public string PeekWhile(Func<char, bool> test, int lengthMax)
    {
        StringBuilder result = new();
        for (int index = SkipContinuations(Index); result.Length < lengthMax && At(index) != End && test(At(index)); index = SkipContinuations(index + 1))
            result.Append(At(index));
        return result.ToString();
    }

    /// <summary>Moves over the character that was peeked.</summary>
    public void Skip() => Index++;

    /// <summary>Moves over characters that were peeked.</summary>
    public void Skip(int count)
    {
        for (; count > 0; count--)
        {
            _ = Peek();
            Index++;
        }
    }

    public bool TrySkip(string expected)
    {
        int from = Index;
        foreach (char c in expected)
        {
            if (Peek() != c)
            {
                Index = from;
                return false;
            }

            Skip();
        }

        return true;
    }

    /// <summary>Blanks and a comment, up to the end of the line.</summary>
    public void SkipBlanks()
    {
        while (Peek() is ' ' or '\t')
            Skip();
        if (Peek() != '#')
            return;
        while (PeekRaw() is not (End or '\n'))
            Skip();
    }

    /// <summary>Moves over the end of a line and reads the here-documents that begin there.</summary>
    public void SkipLineEnd()
    {
        Skip();
        while (_pending.TryDequeue(out var next))
            next.Document.Body = HereDocumentReader.Read(this, next.Document, next.Index);
    }

    /// <summary>Blanks, comments and line ends.</summary>
    public void SkipLines()
    {
        SkipBlanks();
        while (Peek() == '\n')
        {
            SkipLineEnd();
            SkipBlanks();
        }
    }

    /// <summary>Whether here-documents begin behind the line's end.</summary>
    public bool ExpectsDocuments => _pending.Count > 0;

    public void Expect(HereDocument document) => _pending.Enqueue((Index, document));

    /// <summary>Says so if a here-document has no lines because the text ended.</summary>
    public void CheckNoneExpected()
    {
        if (_pending.TryPeek(out var next))
            throw HereDocumentReader.NotEnded(this, next.Document, next.Index);
    }

    /// <summary>The rest of the line as it stands, and moves behind its end.</summary>
    /// <param name="start">Index of its first character.</param>
    /// <returns>Null at the end of the text.</returns>
    public string? ReadRawLine(out int start)
    {
        start = Index;
        if (Index >= Text.Text.Length)
            return null;
        int end = Text.Text.IndexOf('\n', Index);
        string line = end < 0 ? Text.Text[Index..] : Text.Text[Index..end];
        Index = end < 0 ? Text.Text.Length : end + 1;
        return line;
    }

    public ScriptException Wrong(string message, Incompleteness incompleteness = Incompleteness.None)
    {
        _ = Peek();
        return Text.Wrong(Index, message, incompleteness);
    }

    private char At(int index) => index < Text.Text.Length ? Text.Text[index] : End;

    private int SkipContinuations(int index)
    {
        while (At(index) == '\\' && At(index + 1) == '\n')
            index += 2;
        return index;
    }
}
