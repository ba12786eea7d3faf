namespace StorageLab.Model.FileSystems;

/// <summary>The extents of one file: none or one in place, as nearly all files have; more in an <see cref="ExtentMap"/>.</summary>
/// <remarks>A struct inside the inode; <c>default</c> is an empty file. Never copy it out of the inode to change it.</remarks>
internal struct FileExtents
{
    private Extent _single;
    private ExtentMap? _map;

    public readonly int Count => _map?.Count ?? (_single.BlockCount > 0 ? 1 : 0);

    /// <summary>First extent that ends after <paramref name="fileBlock"/>.</summary>
    public readonly bool TryFindAtOrAfter(long fileBlock, out Extent extent)
    {
        if (_map is not null)
            return _map.TryFindAtOrAfter(fileBlock, out extent);
        extent = _single;
        return _single.BlockCount > 0 && _single.FileEnd > fileBlock;
    }

    /// <summary>The extent that holds <paramref name="fileBlock"/>.</summary>
    public readonly bool TryFind(long fileBlock, out Extent extent) =>
        TryFindAtOrAfter(fileBlock, out extent) && extent.FileBlock <= fileBlock;

    /// <summary>Last extent that starts before <paramref name="fileBlock"/>.</summary>
    public readonly bool TryFindBefore(long fileBlock, out Extent extent)
    {
        if (_map is not null)
            return _map.TryFindBefore(fileBlock, out extent);
        extent = _single;
        return _single.BlockCount > 0 && _single.FileBlock < fileBlock;
    }

    /// <summary>Adds an extent where there is none.</summary>
    /// <param name="owner">Identity of the file system that makes the change.</param>
    /// <param name="blockCountMax">Longest extent the format can record, in blocks.</param>
    public void Insert(in Extent extent, object owner, long blockCountMax)
    {
        if (_map is null)
        {
            if (_single.BlockCount == 0)
            {
                _single = extent;
                return;
            }

            if (_single.IsContinuedBy(extent) && _single.BlockCount + extent.BlockCount <= blockCountMax)
            {
                _single = _single with { BlockCount = _single.BlockCount + extent.BlockCount };
                return;
            }
        }

        OwnMap(owner).Insert(extent, blockCountMax);
    }

    /// <summary>Takes out <c>[from, to)</c>, which must lie within one extent.</summary>
    public void Remove(long from, long to, object owner)
    {
        if (_map is null)
        {
            if (from <= _single.FileBlock && to >= _single.FileEnd)
            {
                _single = default;
                return;
            }

            if (from <= _single.FileBlock || to >= _single.FileEnd)
            {
                _single = from <= _single.FileBlock ? _single.Slice(to, _single.FileEnd) : _single.Slice(_single.FileBlock, from);
                return;
            }
        }

        OwnMap(owner).Remove(from, to);
    }

    private ExtentMap OwnMap(object owner)
    {
        if (_map is null)
        {
            _map = new ExtentMap(owner);
            if (_single.BlockCount > 0)
                _map.Insert(_single, long.MaxValue);
            _single = default;
        }
        else if (_map.Owner != owner)
            _map = _map.CopyFor(owner);
        return _map;
    }
}
