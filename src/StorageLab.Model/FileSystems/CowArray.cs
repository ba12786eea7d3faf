namespace StorageLab.Model.FileSystems;

/// <summary>A growing array in pages that copies share until one of them writes: what makes a snapshot of a file system cheap.</summary>
/// <remarks>
/// Every page knows the array that may write it in place. <see cref="Clone"/> copies the page pointers and gives both arrays new
/// identities, so that the first write of either to a page copies that page alone.
/// Cost: a clone takes one pointer per page; reads and writes in place are O(1) and allocate nothing.
/// </remarks>
internal sealed class CowArray<T>
    where T : struct
{
    private readonly int _pageShift;
    private readonly int _pageMask;
    private Page[] _pages;
    private int _pageCount;
    private object _owner = new();

    /// <param name="pageShift">Binary logarithm of the elements in a page.</param>
    public CowArray(int pageShift)
    {
        _pageShift = pageShift;
        _pageMask = (1 << pageShift) - 1;
        _pages = [];
    }

    private CowArray(CowArray<T> original)
    {
        _pageShift = original._pageShift;
        _pageMask = original._pageMask;
        _pageCount = original._pageCount;
        _pages = original._pages.AsSpan(0, _pageCount).ToArray();
        Length = original.Length;
    }

    public int Length { get; private set; }

    /// <summary>The element for reading; do not write through it.</summary>
    public ref readonly T this[int index] => ref _pages[index >> _pageShift].Items[index & _pageMask];

    /// <summary>The element for writing; its page is this array's own afterwards. Not valid beyond the next <see cref="Clone"/>.</summary>
    public ref T Mutable(int index)
    {
        ref Page page = ref _pages[index >> _pageShift];
        if (page.Owner != _owner)
            page = new Page(_owner, (T[])page.Items.Clone());
        return ref page.Items[index & _pageMask];
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
            Array.Resize(ref _pages, Math.Max(pageCount, Math.Max(4, _pages.Length * 2)));
        for (; _pageCount < pageCount; _pageCount++)
            _pages[_pageCount] = new Page(_owner, new T[_pageMask + 1]);
        Length = length;
    }

    /// <summary>A second array with the same content; the two part page by page as they are written.</summary>
    public CowArray<T> Clone()
    {
        _owner = new object();
        return new CowArray<T>(this);
    }

    private sealed class Page(object owner, T[] items)
    {
        public readonly object Owner = owner;
        public readonly T[] Items = items;
    }
}
