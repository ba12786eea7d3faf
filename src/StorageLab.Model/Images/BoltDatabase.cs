using StorageLab.Model.Constants;
using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;

namespace StorageLab.Model.Images;

/// <summary>A bbolt database in the daemon's root, which is never removed: containerd's metadata, the networks' state.</summary>
/// <remarks>
/// Nothing in use is overwritten: a transaction writes its pages where the one before last had its own, makes them durable, and then one of the two
/// pages at the start that say which are valid. Source: go.etcd.io/bbolt, tx.go, Commit; places and sizes as dockerd 20.10.24 wrote them under strace.
/// </remarks>
internal sealed class BoltDatabase(DockerRoot root, string path)
{
    /// <summary>A page of a database.</summary>
    [ModelConstant(ModelPart.Daemon, "bytes", "bbolt db.go: the page size of the system")]
    private const long PageBytes = 4096;

    /// <summary>Pages at the start that say where the others are, used in turn.</summary>
    [ModelConstant(ModelPart.Daemon, "pages", "bbolt db.go: meta0, meta1")]
    private const int MetaPageCount = 2;

    private InodeId _file;
    private long _transactionId;

    /// <summary>A read-write transaction that leaves so many pages behind it, the list of free ones included.</summary>
    public FsStatus Commit(int pageCount)
    {
        if (_file.IsNone && !root.TryFind(path, out _file))
            return FsStatus.NotFound;
        long turn = _transactionId++ % MetaPageCount;
        FsStatus status = Write(MetaPageCount + (turn * pageCount), pageCount);
        return status == FsStatus.Ok ? Write(turn, 1) : status;
    }

    private FsStatus Write(long page, int pageCount)
    {
        FsStatus status = root.FileSystem.Write(_file, page * PageBytes, pageCount * PageBytes);
        return status == FsStatus.Ok ? root.FileSystem.Fdatasync(_file) : status;
    }
}
