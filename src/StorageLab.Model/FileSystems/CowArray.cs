namespace StorageLab.Model.FileSystems;

/// <summary>A growing array in pages that copies share until one of them writes: what makes a snapshot of a file system cheap.</summary>
/// <remarks>
/// A bit per page says whether this array may write it in place. <see cref="Clone"/> copies the page pointers and clears the bits of both
/// arrays, so that the first write of either to a page copies that page alone.
/// Cost: a clone takes one pointer per page; reads and writes in place are O(1) and allocate nothing.
/// </remarks>
internal sealed class CowArray<T>
    where T : struct
{
    private const int BitsPerWord = 64;

    // Room in the page table for a copy that grows by a few pages, as most do.
    private const int SparePages = 4;

    private readonly int _pageShift;
    private readonly int _pageMask;
    private T[][] _pages;
    private ulong[] _isOwn;
    private int _pageCount;

    /// <param name="pageShift">Binary logarithm of the elements in a page.</param>
    public CowArray(int pageShift)
    {
        _pageShift = pageShift;
        _pageMask = (1 << pageShift) - 1;
        _pages = [];
        _isOwn = [];
    }

    private CowArray(CowArray<T> original)
    {
        _pageShift = original._pageShift;
        _pageMask = original._pageMask;
        _pageCount = original._pageCount;
        _pages = new T[_pageCount + SparePages][];
        Array.Copy(original._pages, _pages, _pageCount);
        _isOwn = new ulong[WordsFor(_pages.Length)];
        Length = original.Length;
    }

    public int Length { get; private set; }

    /// <summary>The element for reading; do not write through it.</summary>
    public ref readonly T this[int index] => ref _pages[index >> _pageShift][index & _pageMask];

    /// <summary>The element for writing; its page is this array's own afterwards. Not valid beyond the next <see cref="Clone"/>.</summary>
    public ref T Mutable(int index)
    {
        int page = index >> _pageShift;
        if ((_isOwn[page / BitsPerWord] & (1UL << page)) == 0)
            Own(page, _pages[page].AsSpan().ToArray());
        return ref _pages[page][index & _pageMask];
    }

    /// <summary>Appends an element and returns its index.</summary>
    public int Add(in T value)
    {
        EnsureLength(Length + 1);
        Mutable(Length - 1) = value;
        return Length - 1;
    }

    /// <summary>Grows to at least <paramref name="length"/> elements; new ones are <c>default</c>.</summary>
    public void EnsureLength(int length)
    {
        if (length <= Length)
            return;
        int pageCount = (length + _pageMask) >> _pageShift;
        if (pageCount > _pages.Length)
            Array.Resize(ref _pages, pageCount + (pageCount / 4) + SparePages);
        if (WordsFor(pageCount) > _isOwn.Length)
            Array.Resize(ref _isOwn, WordsFor(_pages.Length));
        for (; _pageCount < pageCount; _pageCount++)
            Own(_pageCount, new T[_pageMask + 1]);
        Length = length;
    }

    /// <summary>A second array with the same content; the two part page by page as they are written.</summary>
    public CowArray<T> Clone()
    {
        Array.Clear(_isOwn);
        return new CowArray<T>(this);
    }

    private static int WordsFor(int pageCount) => (pageCount + BitsPerWord - 1) / BitsPerWord;

    private void Own(int page, T[] items)
    {
        _pages[page] = items;
        _isOwn[page / BitsPerWord] |= 1UL << page;
    }
}
