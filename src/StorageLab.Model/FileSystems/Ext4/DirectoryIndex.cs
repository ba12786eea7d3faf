namespace StorageLab.Model.FileSystems.Ext4;

/// <summary>The hash tree of a directory with more than one block: leaves by rising hash, each with the bytes its entries use.</summary>
/// <remarks>Source: fs/ext4/namei.c (make_indexed_dir, do_split). Shared by copies until one of them changes it.</remarks>
internal sealed class DirectoryIndex
{
    private int[] _hashes;
    private int[] _bytes;
    private int[] _blocks;

    /// <param name="owner">The file system that may change the index in place.</param>
    /// <param name="bytes">Bytes used in the first leaf.</param>
    /// <param name="block">File block of the first leaf.</param>
    public DirectoryIndex(object owner, int bytes, int block)
    {
        Owner = owner;
        _hashes = [0];
        _bytes = [bytes];
        _blocks = [block];
        LeafCount = 1;
    }

    private DirectoryIndex(DirectoryIndex original, object owner)
    {
        Owner = owner;
        _hashes = (int[])original._hashes.Clone();
        _bytes = (int[])original._bytes.Clone();
        _blocks = (int[])original._blocks.Clone();
        LeafCount = original.LeafCount;
    }

    public object Owner { get; }

    public int LeafCount { get; private set; }

    public DirectoryIndex CopyFor(object owner) => new(this, owner);

    /// <summary>The leaf that holds a hash.</summary>
    public int LeafOf(int hash)
    {
        int found = Array.BinarySearch(_hashes, 0, LeafCount, hash);
        return found >= 0 ? found : ~found - 1;
    }

    public int BytesIn(int leaf) => _bytes[leaf];

    public int BlockOf(int leaf) => _blocks[leaf];

    /// <summary>Lowest hash of a leaf.</summary>
    public int HashOf(int leaf) => _hashes[leaf];

    /// <summary>Lowest hash that is beyond a leaf.</summary>
    public long HashAfter(int leaf) => leaf + 1 < LeafCount ? _hashes[leaf + 1] : 1L + int.MaxValue;

    public void AddBytes(int leaf, int bytes) => _bytes[leaf] += bytes;

    /// <summary>Moves the entries from <paramref name="hash"/> on, of <paramref name="movedBytes"/>, into a new leaf in a new block.</summary>
    public void Split(int leaf, int hash, int movedBytes, int block)
    {
        if (LeafCount == _hashes.Length)
        {
            Array.Resize(ref _hashes, LeafCount * 2);
            Array.Resize(ref _bytes, LeafCount * 2);
            Array.Resize(ref _blocks, LeafCount * 2);
        }

        Insert(_hashes, leaf + 1, hash);
        Insert(_bytes, leaf + 1, movedBytes);
        Insert(_blocks, leaf + 1, block);
        _bytes[leaf] -= movedBytes;
        LeafCount++;
    }

    private void Insert(int[] array, int index, int value)
    {
        Array.Copy(array, index, array, index + 1, LeafCount - index);
        array[index] = value;
    }
}
