using StorageLab.Model.Blocks;
using StorageLab.Model.FileSystems;
using StorageLab.Model.FileSystems.Xfs;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Model.Tests.FileSystems;

/// <summary>relatime: the first read after a change is logged, the next ones are not.</summary>
public sealed class AccessTimeTests
{
    private readonly NameTable _names = new();
    private readonly XfsFileSystem _fileSystem;

    public AccessTimeTests()
    {
        _fileSystem = XfsFileSystem.Format(new SnapshotDevice(1L << 30, 65536), XfsFormatOptions.Current, out _);
        _fileSystem.Mount();
    }

    [Fact]
    public void A_file_that_is_read_is_logged_once_until_it_changes()
    {
        InodeId file = Make(_fileSystem.Root, "file", InodeKind.File);
        Assert.True(LogsWhen(() => _fileSystem.NoteRead(file)));
        Assert.False(LogsWhen(() => _fileSystem.NoteRead(file)));
        _fileSystem.SetAttributes(file);
        Assert.True(LogsWhen(() => _fileSystem.NoteRead(file)));
    }

    [Fact]
    public void A_walk_logs_the_directories_that_were_not_listed_since_they_changed()
    {
        InodeId top = Make(_fileSystem.Root, "top", InodeKind.Directory);
        InodeId sub = Make(top, "sub", InodeKind.Directory);
        Make(sub, "file", InodeKind.File);
        _fileSystem.NoteRead(sub);
        Assert.True(LogsWhen(_fileSystem.NoteWalk));
        Assert.False(LogsWhen(_fileSystem.NoteWalk));
        Assert.False(LogsWhen(() => _fileSystem.NoteRead(top)));

        Make(sub, "new", InodeKind.File);
        Assert.False(LogsWhen(() => _fileSystem.NoteRead(top)));
        Assert.True(LogsWhen(() => _fileSystem.NoteRead(sub)));
        Assert.False(LogsWhen(_fileSystem.NoteWalk));
    }

    [Fact]
    public void A_walk_of_nothing_but_files_logs_nothing()
    {
        Make(_fileSystem.Root, "file", InodeKind.File);
        Assert.False(LogsWhen(_fileSystem.NoteWalk));
    }

    [Fact]
    public void A_snapshot_remembers_what_was_listed_and_what_changed_since()
    {
        InodeId listed = Make(_fileSystem.Root, "listed", InodeKind.Directory);
        InodeId changed = Make(_fileSystem.Root, "changed", InodeKind.Directory);
        _fileSystem.NoteWalk();
        _fileSystem.SetAttributes(changed);
        _fileSystem.Unmount();
        IFileSystem copy = _fileSystem.CloneOnto(new SnapshotDevice(1L << 30, 65536));
        copy.Mount();
        Assert.False(LogsWhen(() => copy.NoteRead(listed), copy));
        Assert.True(LogsWhen(() => copy.NoteRead(changed), copy));
    }

    private InodeId Make(InodeId directory, string name, InodeKind kind)
    {
        Assert.Equal(FsStatus.Ok, _fileSystem.Create(directory, _names.Intern(name), kind, out InodeId inode));
        return inode;
    }

    private bool LogsWhen(Action read) => LogsWhen(read, _fileSystem);

    private static bool LogsWhen(Action read, IFileSystem fileSystem)
    {
        fileSystem.Sync();
        long before = Counters(fileSystem).WriteBytes;
        read();
        fileSystem.Sync();
        return Counters(fileSystem).WriteBytes > before;
    }

    private static IoCounters Counters(IFileSystem fileSystem) => fileSystem.Device.Counters;
}
