namespace StorageLab.Model.FileSystems.Ext4;

/// <summary>Free blocks of a group that the allocator may settle on.</summary>
/// <param name="Start">First block within the group.</param>
/// <param name="BlockCount">Length in blocks.</param>
internal readonly record struct FreePiece(int Start, int BlockCount);
