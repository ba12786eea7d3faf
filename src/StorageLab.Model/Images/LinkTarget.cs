namespace StorageLab.Model.Images;

/// <summary>What a symbolic link points to: a text interned in a <see cref="NameTable"/>, and its length in UTF-8 bytes, which the file system stores.</summary>
public readonly record struct LinkTarget(int Id, int LengthBytes);
