using System.Collections.Immutable;
using StorageLab.Model.Images;

namespace StorageLab.Model.Replay;

/// <summary>One thing a process does to its container's files.</summary>
public abstract record ContainerOperation
{
    private ContainerOperation()
    {
    }

    /// <summary>Creates or truncates a file and writes it in chunks; missing directories are made.</summary>
    public sealed record Create(ContainerPath Path, long LengthBytes, long ChunkBytes, FsyncPolicy Fsync) : ContainerOperation;

    /// <summary>Appends to a file, which is made if missing.</summary>
    public sealed record Append(ContainerPath Path, long LengthBytes, long ChunkBytes, FsyncPolicy Fsync) : ContainerOperation;

    /// <summary>Writes blocks of one size over an existing file at the given offsets, in order.</summary>
    public sealed record Overwrite(ContainerPath Path, ImmutableArray<long> OffsetsBytes, long BlockBytes, FsyncPolicy Fsync) : ContainerOperation;

    /// <summary>Makes small files of the given sizes under a directory, spread over subdirectories <c>d0</c>, <c>d1</c>, …, named <c>f00000</c>, ….</summary>
    public sealed record CreateMany(ContainerPath Directory, ImmutableArray<long> SizesBytes, int SubdirectoryCount, FsyncPolicy Fsync) : ContainerOperation;

    /// <summary>cat SOURCES &gt; PATH: reads files and writes them one after another into a new file.</summary>
    public sealed record Copy(ImmutableArray<ContainerPath> Sources, ContainerPath Path, long ChunkBytes, FsyncPolicy Fsync) : ContainerOperation;

    public sealed record Truncate(ContainerPath Path, long SizeBytes) : ContainerOperation;

    public sealed record Rename(ContainerPath Path, ContainerPath NewPath) : ContainerOperation;

    public sealed record Delete(ContainerPath Path) : ContainerOperation;

    /// <summary>rm -rf.</summary>
    public sealed record DeleteTree(ContainerPath Path) : ContainerOperation;

    /// <summary>chmod: under overlay2 it copies the file up.</summary>
    public sealed record ChangeMode(ContainerPath Path) : ContainerOperation;

    public sealed record Link(ContainerPath Path, ContainerPath NewPath) : ContainerOperation;

    /// <summary>mkdir -p.</summary>
    public sealed record MakeDirectory(ContainerPath Path) : ContainerOperation;

    public sealed record ReadFile(ContainerPath Path) : ContainerOperation;

    public sealed record ReadTree(ContainerPath Path) : ContainerOperation;

    /// <summary>sync(1): everything written so far goes to the disk.</summary>
    public sealed record Sync : ContainerOperation;
}
