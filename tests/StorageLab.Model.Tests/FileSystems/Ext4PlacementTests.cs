using StorageLab.Model.Blocks;
using StorageLab.Model.FileSystems;
using StorageLab.Model.FileSystems.Ext4;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Model.Tests.FileSystems;

/// <summary>Where files go and what that costs a thin device, as filefrag and dmsetup showed it under Linux 6.1, and as recorded runs have it.</summary>
public sealed class Ext4PlacementTests
{
    private const long GiB = 1L << 30;
    private const int PieceBytes = 65536;

    private static readonly NameTable Names = new();

    [Fact]
    public void The_first_large_file_goes_to_the_last_group_and_the_next_ones_behind_it()
    {
        (Ext4FileSystem fileSystem, MappedDevice device) = MountedSnapshot();

        Assert.Equal(Pieces(2588672, 4096), Added(device, () => Create(fileSystem, "a", 16)));
        Assert.Equal(Pieces(2592768, 10240), Added(device, () => Create(fileSystem, "b", 40)));
    }

    [Fact]
    public void A_rewritten_file_takes_new_blocks_because_the_old_ones_are_free_only_after_a_commit()
    {
        (Ext4FileSystem fileSystem, MappedDevice device) = MountedSnapshot();
        Create(fileSystem, "a", 16);
        Create(fileSystem, "b", 40);

        Assert.Equal(Pieces(2603008, 4096), Added(device, () => Create(fileSystem, "a", 16)));
    }

    [Fact]
    public void A_file_after_a_delete_takes_the_smallest_buddy_that_suffices_and_then_what_lies_behind_the_others()
    {
        (Ext4FileSystem fileSystem, MappedDevice device) = MountedSnapshot();
        Create(fileSystem, "a", 16);
        Create(fileSystem, "b", 40);
        Create(fileSystem, "a", 16);
        fileSystem.Unlink(fileSystem.Root, Names.Intern("b"));
        fileSystem.Sync();

        // filefrag: 2048 blocks in the old place at 2600960, 8192 new ones at 2607104.
        Assert.Equal(Pieces(2607104, 8192), Added(device, () => Create(fileSystem, "b2", 40)));
    }

    [Fact]
    public void Overwrites_within_a_tick_cost_no_journal_although_each_is_synced()
    {
        (Ext4FileSystem fileSystem, MappedDevice device) = MountedSnapshot();
        InodeId file = Create(fileSystem, "b", 40);
        long before = device.Counters.WriteBytes;

        for (long i = 0; i < 64; i++)
        {
            fileSystem.Write(file, i * 7919 % 10240 * 4096, 4096);
            fileSystem.Fsync(file);
        }

        Assert.InRange(device.Counters.WriteBytes - before, 64 * 4096, 74 * 4096);
    }

    [Fact]
    public void Small_files_lie_one_behind_the_other()
    {
        (Ext4FileSystem fileSystem, MappedDevice device) = MountedSnapshot();

        int added = Added(
            device,
            () =>
            {
                for (var i = 0; i < 160; i++)
                {
                    fileSystem.Create(fileSystem.Root, Names.Intern($"small{i}"), InodeKind.File, out InodeId file);
                    fileSystem.Write(file, 0, 4000);
                }

                fileSystem.Sync();
            }).Count;

        // 10 pieces of data, 3 of the inode table's 10 blocks, directory and journal.
        Assert.InRange(added, 11, 16);
    }

    [Fact]
    public void A_full_host_keeps_what_is_reserved_for_metadata()
    {
        MappedDevice device = new(GiB, PieceBytes);
        Ext4FileSystem fileSystem = Ext4FileSystem.Format(device, Ext4FormatOptions.Host, out _);
        fileSystem.Mount();
        fileSystem.Create(fileSystem.Root, Names.Intern("fill"), InodeKind.File, out InodeId file);

        for (long block = 0; fileSystem.Write(file, block * 4096, 4096) == FsStatus.Ok; block++)
        {
        }

        // Recorded run S6-overlay2-ext4, steps 15 to 20.
        Assert.Equal(1020702720, fileSystem.Usage.TotalBytes);
        Assert.Equal(1003925504, fileSystem.Usage.UsedBytes);
        Assert.Equal(FsStatus.NoSpace, fileSystem.Create(fileSystem.Root, Names.Intern("dir"), InodeKind.Directory, out _));
        Assert.Equal(FsStatus.Ok, fileSystem.Create(fileSystem.Root, Names.Intern("empty"), InodeKind.File, out _));
    }

    [Fact]
    public void Running_out_of_inodes_is_a_result()
    {
        MappedDevice device = new(64L << 20, PieceBytes);
        Ext4FileSystem fileSystem = Ext4FileSystem.Format(device, Ext4FormatOptions.Host with { InodeRatioBytes = 1 << 20 }, out _);
        fileSystem.Mount();
        long free = fileSystem.Usage.TotalInodeCount - fileSystem.Usage.UsedInodeCount;

        for (long i = 0; i < free; i++)
            Assert.Equal(FsStatus.Ok, fileSystem.Create(fileSystem.Root, Names.Intern($"f{i}"), InodeKind.File, out _));

        Assert.Equal(FsStatus.NoSpace, fileSystem.Create(fileSystem.Root, Names.Intern("one-more"), InodeKind.File, out _));
        fileSystem.CheckInvariants();
    }

    [Theory]
    [InlineData(56, 1)]
    [InlineData(57, 3)]
    public void A_directory_of_names_of_64_bytes_has_one_block_up_to_56_and_is_then_indexed(int nameCount, int blockCount)
    {
        (Ext4FileSystem fileSystem, _) = MountedSnapshot();
        fileSystem.Create(fileSystem.Root, Names.Intern("layers"), InodeKind.Directory, out InodeId directory);

        for (var i = 0; i < nameCount; i++)
            fileSystem.Create(directory, Names.Intern($"{i:x64}"), InodeKind.Symlink, out _);

        Assert.Equal(blockCount * 4096, fileSystem.Stat(directory).AllocatedBytes);
        fileSystem.CheckInvariants();
    }

    [Theory]
    [InlineData(59, 0)]
    [InlineData(60, 4096)]
    public void A_target_of_60_bytes_needs_a_block(int targetLengthBytes, long allocatedBytes)
    {
        (Ext4FileSystem fileSystem, _) = MountedSnapshot();

        fileSystem.CreateSymlink(fileSystem.Root, Names.Intern("link"), new LinkTarget(0, targetLengthBytes), out InodeId link);

        Assert.Equal(allocatedBytes, fileSystem.Stat(link).AllocatedBytes);
    }

    [Fact]
    public void A_file_in_many_pieces_pays_for_its_extent_tree()
    {
        (Ext4FileSystem fileSystem, _) = MountedSnapshot();
        InodeId file = Create(fileSystem, "holes", 4);
        for (long hole = 0; hole < 5; hole++)
            fileSystem.PunchHole(file, hole * 524288, 65536);
        fileSystem.Sync();

        Assert.Equal((4 << 20) - (5 * 65536) + 4096, fileSystem.Stat(file).AllocatedBytes);
        fileSystem.CheckInvariants();
    }

    private static (Ext4FileSystem FileSystem, MappedDevice Device) MountedSnapshot()
    {
        MappedDevice device = new(10 * GiB, PieceBytes, new DeviceLimits(PieceBytes, PieceBytes, PieceBytes));
        Ext4FileSystem origin = Ext4FileSystem.Format(device, Ext4FormatOptions.DockerBase, out _);
        MappedDevice empty = device.Empty();
        var fileSystem = (Ext4FileSystem)origin.CloneOnto(empty);
        fileSystem.Mount();
        return (fileSystem, empty);
    }

    private static InodeId Create(Ext4FileSystem fileSystem, string name, int sizeMiB)
    {
        if (fileSystem.TryLookup(fileSystem.Root, Names.Intern(name), out InodeId file))
            fileSystem.Truncate(file, 0);
        else
            fileSystem.Create(fileSystem.Root, Names.Intern(name), InodeKind.File, out file);
        for (long written = 0; written < sizeMiB; written++)
            fileSystem.Write(file, written << 20, 1 << 20);
        Assert.Equal(FsStatus.Ok, fileSystem.Fsync(file));
        Assert.Equal(FsStatus.Ok, fileSystem.Sync());
        return file;
    }

    /// <summary>Pieces of the data groups that an action maps; those of metadata and journal, which lie in the first half of the device, are left out
    /// where large files are concerned.</summary>
    private static List<long> Added(MappedDevice device, Action action)
    {
        HashSet<long> before = [.. device.Mapped];
        action();
        List<long> added = [.. device.Mapped.Where(piece => !before.Contains(piece))];
        return added.Exists(piece => piece > device.LengthBytes / PieceBytes * 9 / 10)
            ? [.. added.Where(piece => piece > device.LengthBytes / PieceBytes * 9 / 10)]
            : added;
    }

    private static IEnumerable<long> Pieces(long block, long blockCount)
    {
        for (long piece = block / 16; piece < (block + blockCount) / 16; piece++)
            yield return piece;
    }
}
