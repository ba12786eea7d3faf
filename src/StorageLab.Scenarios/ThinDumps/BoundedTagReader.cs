namespace StorageLab.Scenarios.ThinDumps;

/// <summary>Passes XML on while its tags are of a sane length, so that an endless attribute is refused before it fills the memory.</summary>
internal sealed class BoundedTagReader(TextReader inner) : TextReader
{
    /// <summary>thin_dump's longest line has some two hundred characters.</summary>
    private const int TagLengthMax = 1 << 16;

    private int _sinceTagEnd;

    /// <exception cref="InvalidDataException">Too much text without the end of a tag.</exception>
    public override int Read(char[] buffer, int index, int count)
    {
        int length = inner.Read(buffer, index, count);
        ReadOnlySpan<char> read = buffer.AsSpan(index, length);
        int first = read.IndexOf('>');
        if (_sinceTagEnd + (first < 0 ? length : first) > TagLengthMax)
            throw new InvalidDataException($"{TagLengthMax} characters without the end of a tag");
        _sinceTagEnd = first < 0 ? _sinceTagEnd + length : length - 1 - read.LastIndexOf('>');
        return length;
    }

    public override int Peek() => inner.Peek();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
