namespace StorageLab.Model.ThinProvisioning;

/// <summary>
/// Pages of packed mappings that answer look-ups beside the trees. A page is filled from the tree when it is first asked for and may be dropped at any time,
/// so a snapshot costs nothing here and the memory is bounded however many devices there are.
/// </summary>
internal sealed class MappingIndex
{
    public const int PageShift = 6;
    public const int PageEntries = 1 << PageShift;
    public const int PageMask = PageEntries - 1;

    /// <summary>Marks a page that is not loaded.</summary>
    public const int NoPage = -1;

    // 32 MiB of entries: enough for a working set of 256 GiB in blocks of 64 KiB.
    private const int PageCountMax = 1 << 16;

    private readonly Stack<int> _free = new();
    private readonly List<ThinDeviceState> _owners = [];
    private int _pageCount;

    /// <summary>All pages, one behind the other.</summary>
    public ulong[] Entries { get; private set; } = new ulong[64 * PageEntries];

    /// <summary>Loads the page of a device that holds <paramref name="virtualBlock"/>.</summary>
    /// <returns>Its number.</returns>
    public int Load(BTree mappings, ThinDeviceState device, long virtualBlock)
    {
        if (_free.Count == 0 && _pageCount == PageCountMax)
            DropAll();
        if (device.Pages is null)
        {
            device.Pages = new int[device.PageCount];
            Array.Fill(device.Pages, NoPage);
            _owners.Add(device);
        }

        int page = _free.Count > 0 ? _free.Pop() : NewPage();
        Span<ulong> entries = Entries.AsSpan(page << PageShift, PageEntries);
        entries.Fill(PackedMapping.Unmapped);
        mappings.CopyRange(device.Root, (uint)(virtualBlock & ~(long)PageMask), entries);
        device.Pages[virtualBlock >> PageShift] = page;
        return page;
    }

    /// <summary>Brings a loaded page up to date after the tree was changed.</summary>
    public void Set(ThinDeviceState device, long virtualBlock, ulong value)
    {
        if (device.Pages is null)
            return;
        int page = device.Pages[virtualBlock >> PageShift];
        if (page != NoPage)
            Entries[(page << PageShift) | (int)(virtualBlock & PageMask)] = value;
    }

    public void Drop(ThinDeviceState device)
    {
        if (device.Pages is null)
            return;
        Release(device);
        _ = _owners.Remove(device);
    }

    public void DropAll()
    {
        foreach (ThinDeviceState device in _owners)
            Release(device);
        _owners.Clear();
    }

    private void Release(ThinDeviceState device)
    {
        foreach (int page in device.Pages!)
        {
            if (page != NoPage)
                _free.Push(page);
        }

        device.Pages = null;
    }

    private int NewPage()
    {
        if ((_pageCount + 1) << PageShift > Entries.Length)
        {
            ulong[] longer = new ulong[Entries.Length * 2];
            Entries.CopyTo(longer, 0);
            Entries = longer;
        }

        return _pageCount++;
    }
}
