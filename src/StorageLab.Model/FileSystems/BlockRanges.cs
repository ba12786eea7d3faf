namespace StorageLab.Model.FileSystems;

/// <summary>A set of blocks of one file: none or one range in place, as nearly all files have; more in a <see cref="SparseBitmap"/>.</summary>
/// <remarks>A struct inside the cache's entry for a file; <c>default</c> is empty. Never copy it out to change it.</remarks>
internal struct BlockRanges
{
    private long _from;
    private long _to;
    private SparseBitmap? _bitmap;

    public readonly bool IsEmpty => _bitmap is null ? _from == _to : _bitmap.Count == 0;

    /// <summary>Adds <c>[from, to)</c>, which may overlap what is there.</summary>
    /// <returns>How many blocks of it are new.</returns>
    public long Include(long from, long to)
    {
        if (_bitmap is null)
        {
            if (_from == _to)
            {
                (_from, _to) = (from, to);
                return to - from;
            }

            if (from <= _to && to >= _from)
            {
                long before = _to - _from;
                (_from, _to) = (Math.Min(_from, from), Math.Max(_to, to));
                return _to - _from - before;
            }
        }

        return OwnBitmap().Add(from, to);
    }

    /// <summary>Removes <c>[from, to)</c>.</summary>
    /// <returns>How many blocks of it were there.</returns>
    public long Exclude(long from, long to)
    {
        if (_bitmap is null)
        {
            from = Math.Max(from, _from);
            to = Math.Min(to, _to);
            if (from >= to)
                return 0;
            if (from == _from || to == _to)
            {
                (_from, _to) = from == _from ? (to, _to) : (_from, from);
                return to - from;
            }
        }

        return OwnBitmap().Remove(from, to);
    }

    /// <summary>Finds the first run of blocks in <c>[from, to)</c>; what of it lies outside is cut off.</summary>
    public readonly bool TryFirstRun(long from, long to, out long start, out long end)
    {
        if (_bitmap is not null)
            return _bitmap.TryFirstRun(from, to, out start, out end);
        start = Math.Max(from, _from);
        end = Math.Min(to, _to);
        return start < end;
    }

    private SparseBitmap OwnBitmap()
    {
        if (_bitmap is null)
        {
            _bitmap = new SparseBitmap();
            _ = _bitmap.Add(_from, _to);
        }

        return _bitmap;
    }
}
