namespace StorageLab.Model.ThinProvisioning;

/// <summary>Who is told when a copied or dropped leaf makes or ends references. Source: dm-btree.h, struct dm_btree_value_type.</summary>
internal interface IBTreeValueOwner
{
    /// <summary>A leaf with these values was copied: each is referenced once more.</summary>
    void Increment(ReadOnlySpan<ulong> values);

    /// <summary>These values were dropped: each is referenced once less.</summary>
    void Decrement(ReadOnlySpan<ulong> values);

    /// <summary>Whether replacing one value by the other leaves the reference as it is.</summary>
    bool RefersToSame(ulong left, ulong right);
}
