namespace StorageLab.Model.Images;

/// <summary>One component of a path, interned: two equal names have equal ids within one <see cref="NameTable"/>.</summary>
/// <remarks>The low byte is the name's length in UTF-8 bytes (1 to 255), because directories are charged by it;
/// the upper 23 bits number the name. <c>default</c> is no name.</remarks>
public readonly record struct NameId(int Value)
{
    /// <summary>Length of the name in UTF-8 bytes, in [1, 255].</summary>
    public int LengthBytes => Value & 0xff;
}
