using CsCheck;
using StorageLab.Model.Blocks;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Model.Tests.FileSystems;

/// <summary>What every file system must do, whatever its format: one subclass per format.</summary>
public abstract class FileSystemConformanceTests
{
    private const long DeviceBytes = 1L << 30;
    private const int PieceBytes = 65536;

    private static readonly DeviceLimits Thin = new(PieceBytes, PieceBytes, PieceBytes);
    private static readonly NameTable Names = new();
    private static readonly NameId[] SomeNames = [.. Enumerable.Range(0, 6).Select(i => Names.Intern(new string((char)('a' + i), 1 + (i * 20))))];

    /// <summary>mkfs on a device; not mounted.</summary>
    private protected abstract IFileSystem Format(IBlockDevice device);

    [Fact]
    public void Random_operations_agree_with_a_naive_oracle() =>
        Gen.Select(Gen.Int[0, 15], Gen.Int[0, 5], Gen.Int[0, 5], Gen.Long[0, 40L << 20])
            .Array[1, 60]
            .Sample(
                operations =>
                {
                    FileSystemWalk walk = new(Mounted(), SomeNames);
                    foreach ((int kind, int first, int second, long amount) in operations)
                        walk.Do(kind, first, second, amount);
                    walk.CheckAll();
                },
                iter: 150);

    [Fact]
    public void Deleting_everything_gives_everything_back() =>
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 5], Gen.Int[0, 5], Gen.Long[0, 40L << 20])
            .Array[1, 60]
            .Sample(
                operations =>
                {
                    IFileSystem fileSystem = Mounted();
                    FsUsage before = fileSystem.Usage;
                    FileSystemWalk walk = new(fileSystem, SomeNames);
                    foreach ((int kind, int first, int second, long amount) in operations)
                        walk.Do(kind, first, second, amount);
                    foreach (NameId name in SomeNames)
                        fileSystem.RemoveTree(fileSystem.Root, name);
                    fileSystem.Sync();
                    fileSystem.CheckInvariants();
                    Assert.Equal(before, fileSystem.Usage);
                },
                iter: 100);

    [Fact]
    public void A_full_file_system_refuses_with_ENOSPC_and_takes_files_again_after_a_delete()
    {
        IFileSystem fileSystem = Mounted();
        NameId small = SomeNames[0];
        NameId large = SomeNames[1];
        fileSystem.Create(fileSystem.Root, large, InodeKind.File, out InodeId file);
        fileSystem.Create(fileSystem.Root, small, InodeKind.File, out InodeId other);

        long written = 0;
        FsStatus status = FsStatus.Ok;
        for (; written < 2 * DeviceBytes && status == FsStatus.Ok; written += status == FsStatus.Ok ? 1 << 20 : 0)
            status = fileSystem.Write(file, written, 1 << 20);

        Assert.Equal(FsStatus.NoSpace, status);
        Assert.Equal(written, fileSystem.Stat(file).SizeBytes);
        Assert.InRange(written, DeviceBytes * 8 / 10, DeviceBytes);
        Assert.Equal(FsStatus.Ok, fileSystem.Sync());
        fileSystem.CheckInvariants();
        Assert.Equal(FsStatus.Ok, fileSystem.Unlink(fileSystem.Root, large));
        Assert.Equal(FsStatus.Ok, fileSystem.Write(other, 0, 100 << 20));
        Assert.Equal(FsStatus.Ok, fileSystem.Fsync(other));
        fileSystem.CheckInvariants();
    }

    [Fact]
    public void A_snapshot_and_its_origin_go_their_own_ways()
    {
        IFileSystem origin = Mounted();
        origin.Create(origin.Root, SomeNames[0], InodeKind.Directory, out InodeId directory);
        origin.Create(directory, SomeNames[1], InodeKind.File, out InodeId file);
        origin.Write(file, 0, 1 << 20);
        IFileSystem snapshot = origin.CloneOnto(((MappedDevice)origin.Device).Snapshot());
        Assert.False(snapshot.IsMounted);
        Assert.Equal(FsStatus.Ok, snapshot.Mount());

        origin.Write(file, 0, 3 << 20);
        snapshot.Unlink(directory, SomeNames[1]);
        snapshot.Create(directory, SomeNames[2], InodeKind.File, out _);

        Assert.Equal(3 << 20, origin.Stat(file).SizeBytes);
        Assert.True(origin.TryLookup(directory, SomeNames[1], out _));
        Assert.False(origin.TryLookup(directory, SomeNames[2], out _));
        Assert.False(snapshot.TryLookup(directory, SomeNames[1], out _));
        origin.CheckInvariants();
        snapshot.CheckInvariants();
    }

    [Fact]
    public void Everything_a_file_allocates_is_written_to_its_device_by_sync()
    {
        MappedDevice device = new(DeviceBytes, PieceBytes, Thin);
        IFileSystem fileSystem = Format(device);
        fileSystem.Mount();
        int before = device.Mapped.Count;
        fileSystem.Create(fileSystem.Root, SomeNames[0], InodeKind.File, out InodeId file);
        fileSystem.Write(file, 0, 16 << 20);
        Assert.Equal(before, device.Mapped.Count);

        fileSystem.Sync();

        Assert.InRange(device.Mapped.Count - before, 256, 270);
    }

    [Fact]
    public void Trim_discards_what_was_deleted_and_nothing_else()
    {
        MappedDevice device = new(DeviceBytes, PieceBytes, Thin);
        IFileSystem fileSystem = Format(device);
        fileSystem.Mount();
        fileSystem.Create(fileSystem.Root, SomeNames[0], InodeKind.File, out InodeId kept);
        fileSystem.Write(kept, 0, 16 << 20);
        fileSystem.Sync();
        int before = device.Mapped.Count;
        fileSystem.Create(fileSystem.Root, SomeNames[1], InodeKind.File, out InodeId deleted);
        fileSystem.Write(deleted, 0, 16 << 20);
        fileSystem.Sync();
        fileSystem.Unlink(fileSystem.Root, SomeNames[1]);
        fileSystem.Sync();
        Assert.InRange(device.Mapped.Count, before + 256, before + 260);

        Assert.Equal(FsStatus.Ok, fileSystem.Trim(out long trimmedBytes));

        Assert.InRange(device.Mapped.Count, before - 8, before + 4);
        Assert.InRange(trimmedBytes, DeviceBytes / 2, DeviceBytes);
    }

    [Fact]
    public void A_mount_with_discard_gives_back_what_was_deleted_with_the_next_sync()
    {
        IFileSystem fileSystem = Mounted(discardsFreed: true);
        var device = (MappedDevice)fileSystem.Device;
        fileSystem.Sync();
        int before = device.Mapped.Count;
        fileSystem.Create(fileSystem.Root, SomeNames[0], InodeKind.File, out InodeId file);
        fileSystem.Write(file, 0, 16 << 20);
        fileSystem.Sync();
        fileSystem.Unlink(fileSystem.Root, SomeNames[0]);
        Assert.InRange(device.Mapped.Count, before + 256, before + 270);

        fileSystem.Sync();

        Assert.InRange(device.Mapped.Count, before, before + 4);
    }

    [Fact]
    public void A_mount_with_discard_holds_what_a_trimmed_one_holds() =>
        Gen.Select(Gen.Int[0, 39], Gen.Int[1, 200_000]).Array[50, 200]
            .Sample(files => Assert.Equal(MappedAfter(files, discardsFreed: false), MappedAfter(files, discardsFreed: true)), iter: 30);

    [Fact]
    public void A_device_that_fails_shows_at_sync_and_leaves_a_consistent_file_system() =>
        Gen.Int[0, 40].Sample(
            writes =>
            {
                IFileSystem fileSystem = Mounted();
                var device = (MappedDevice)fileSystem.Device;
                device.WriteCountMax = device.Counters.WriteCount + writes;
                FsStatus status = FsStatus.Ok;
                for (var i = 0; i < 60 && status == FsStatus.Ok; i++)
                {
                    NameId name = Names.Intern($"f{i}");
                    status = fileSystem.Create(fileSystem.Root, name, InodeKind.File, out InodeId file);
                    if (status == FsStatus.Ok)
                        status = fileSystem.Write(file, 0, 100_000);
                    if (status == FsStatus.Ok)
                        status = fileSystem.Fsync(file);
                }

                Assert.NotEqual(FsStatus.Ok, status);
                fileSystem.CheckInvariants();
                fileSystem.Unmount();
                Assert.False(fileSystem.IsMounted);
            },
            iter: 40);

    /// <summary>What is mapped after files came, and went when they were named again, and the file system was trimmed.</summary>
    private long[] MappedAfter((int Number, int Bytes)[] files, bool discardsFreed)
    {
        IFileSystem fileSystem = Mounted(discardsFreed);
        for (var i = 0; i < files.Length; i++)
        {
            NameId name = Names.Intern($"f{files[i].Number}");
            if (fileSystem.Unlink(fileSystem.Root, name) != FsStatus.Ok)
            {
                fileSystem.Create(fileSystem.Root, name, InodeKind.File, out InodeId file);
                fileSystem.Write(file, 0, files[i].Bytes);
            }

            if (i % 8 == 0)
                fileSystem.Sync();
        }

        Assert.Equal(FsStatus.Ok, fileSystem.Sync());
        Assert.Equal(FsStatus.Ok, fileSystem.Trim(out _));
        return [.. ((MappedDevice)fileSystem.Device).Mapped];
    }

    private IFileSystem Mounted(bool discardsFreed = false)
    {
        IFileSystem fileSystem = Format(new MappedDevice(DeviceBytes, PieceBytes, Thin));
        Assert.Equal(FsStatus.Ok, fileSystem.Mount(discardsFreed));
        return fileSystem;
    }
}
