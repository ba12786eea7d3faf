namespace StorageLab.Model.ThinProvisioning;

/// <summary>
/// Pages of mappings that answer look-ups beside the trees. A page is filled from the tree when it is first asked for and may be dropped at
/// any time,
/// so a snapshot costs nothing here and the memory is bounded however many devices there are.
/// </summary>
/// <remarks>
/// An entry has 32 bits so that 100 GiB of mappings fit a processor's cache: the data block, and above it a bit for "shared by time" as the
/// device's last snapshot decides it; the pages of a device that is snapshotted are dropped therefore.
/// </remarks>
internal sealed class MappingIndex
{
    public const int PageShift = 6;
    public const int PageEntries = 1 << PageShift;
    public const int PageMask = PageEntries - 1;

    /// <summary>Marks a page that is not loaded.</summary>
    public const int NoPage = -1;

    /// <summary>
    /// Entry of a block that is not mapped. Reads as shared, so that one test tells a writer that the block needs a new mapping.
    /// </summary>
    public const uint Unmapped = uint.MaxValue;

    /// <summary>Set in entries of mappings older than the device's last snapshot.</summary>
    public const uint SharedBit = 1u << 31;

    // 16 MiB of entries: enough for a working set of 256 GiB in blocks of 64 KiB.
    private const int PageCountMax = 1 << 16;

    // Page tables up to this length (256 GiB in blocks of 64 KiB) are kept for the next device.
    private const int RecycledTableLengthMax = 1 << 16;

    private readonly Stack<int> _free = new();
    private readonly Stack<int[]> _freeTables = new();
    private Owner[] _owners = new Owner[64];
    private int _pageCount;

    /// <summary>All pages, one behind the other.</summary>
    public uint[] Entries { get; private set; } = new uint[64 * PageEntries];

    /// <summary>Loads the page of a device that holds <paramref name="virtualBlock"/>.</summary>
    /// <returns>Its number.</returns>
    public int Load(BTree mappings, ThinDeviceState device, long virtualBlock)
    {
        if (_free.Count == 0 && _pageCount == PageCountMax)
            DropAll();
        device.Pages ??= NewTable(device.PageCount);
        int page = _free.Count > 0 ? _free.Pop() : NewPage();
        Span<ulong> values = stackalloc ulong[PageEntries];
        values.Fill(ulong.MaxValue);
        mappings.CopyRange(device.Root, (uint)(virtualBlock & ~(long)PageMask), values);
        Span<uint> entries = Entries.AsSpan(page << PageShift, PageEntries);
        for (var i = 0; i < values.Length; i++)
            entries[i] = values[i] == ulong.MaxValue ? Unmapped : EntryOf(device, values[i]);
        var place = (int)(virtualBlock >> PageShift);
        device.Pages[place] = page;
        _owners[page] = new Owner(device, place, device.LastPage);
        device.LastPage = page;
        return page;
    }

    /// <summary>The entry of a packed mapping of a device.</summary>
    public static uint EntryOf(ThinDeviceState device, ulong packed) =>
        (uint)PackedMapping.DataBlock(packed) | (PackedMapping.Time(packed) < device.SnapshottedTime ? SharedBit : 0);

    /// <summary>Brings a loaded page up to date after the tree was changed.</summary>
    public void Set(ThinDeviceState device, long virtualBlock, uint entry)
    {
        if (device.Pages is null)
            return;
        int page = device.Pages[virtualBlock >> PageShift];
        if (page != NoPage)
            Entries[(page << PageShift) | (int)(virtualBlock & PageMask)] = entry;
    }

    /// <summary>Drops all pages of a device. Cost: the pages that it has.</summary>
    public void Drop(ThinDeviceState device)
    {
        if (device.Pages is null)
            return;
        while (device.LastPage != NoPage)
        {
            int page = device.LastPage;
            device.Pages[_owners[page].Place] = NoPage;
            device.LastPage = _owners[page].PreviousPage;
            _owners[page] = default;
            _free.Push(page);
        }

        if (device.Pages.Length <= RecycledTableLengthMax)
            _freeTables.Push(device.Pages);
        device.Pages = null;
    }

    public void DropAll()
    {
        for (var page = 0; page < _pageCount; page++)
        {
            if (_owners[page].Device is { } device)
                Drop(device);
        }
    }

    // Container hosts open devices of one length over and over: their page tables are used again.
    private int[] NewTable(int length)
    {
        if (_freeTables.Count > 0 && _freeTables.Peek().Length == length)
            return _freeTables.Pop();
        int[] table = new int[length];
        Array.Fill(table, NoPage);
        return table;
    }

    private int NewPage()
    {
        if (_pageCount == _owners.Length)
        {
            Array.Resize(ref _owners, _pageCount * 2);
            uint[] longer = new uint[_owners.Length << PageShift];
            Entries.CopyTo(longer, 0);
            Entries = longer;
        }

        return _pageCount++;
    }

    /// <summary>Whose page it is, where in the device's table it stands, and which page of the device was loaded before it.</summary>
    private readonly record struct Owner(ThinDeviceState? Device, int Place, int PreviousPage);
}
