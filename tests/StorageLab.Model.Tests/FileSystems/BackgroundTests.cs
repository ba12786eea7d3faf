using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Model.Tests.FileSystems;

/// <summary>What a file system writes of itself while time passes, against a kernel 6.1.176 (User-mode Linux, fresh disks of 60 GiB, /sys/block/*/stat).</summary>
public sealed class BackgroundTests
{
    private const int GroupCount = 480;
    private const long InodeTableBytes = 2L << 20;

    private readonly NameTable _names = new();

    [Fact]
    public void Ext4_zeroes_every_inode_table_behind_the_inodes_in_use()
    {
        // The kernel wrote 1,006,678,016 bytes: the tables, 48 KiB of journal and superblock.
        HostMachine host = Install("ext4", waitMultiple: 10);
        long before = host.Disk.Counters.WriteBytes;

        Pass(host, 60);

        Assert.Equal((GroupCount * InodeTableBytes) - 4096, host.Disk.Counters.WriteBytes - before);
    }

    [Fact]
    public void Ext4_rests_ten_times_as_long_as_its_first_table_took_in_whole_ticks()
    {
        // A table takes 5.2 ms on the test's disk and its flush 0.5 ms, so the next one is due 50 ms later. The kernel's took 3 ms, and it wrote 33 a second.
        HostMachine host = Install("ext4", waitMultiple: 10);
        long before = host.Disk.Counters.WriteBytes;

        Pass(host, 2);
        Assert.Equal(before, host.Disk.Counters.WriteBytes);
        Pass(host, 2);
        Assert.Equal(30, (host.Disk.Counters.WriteBytes - before + 4096) / InodeTableBytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10, "lazy_itable_init=0")]
    public void Ext4_has_nothing_to_zero_when_it_was_told_not_to_or_mkfs_did_it(int waitMultiple, params string[] mkfsOptions)
    {
        HostMachine host = Install("ext4", waitMultiple, mkfsOptions);
        long before = host.Disk.Counters.WriteBytes;

        Pass(host, 60);

        Assert.Equal(before, host.Disk.Counters.WriteBytes);
    }

    [Fact]
    public void Ext4_goes_on_with_its_tables_after_the_next_mount()
    {
        HostMachine host = Install("ext4", waitMultiple: 10);
        long before = host.Disk.Counters.WriteBytes;
        Pass(host, 4);
        Assert.Equal(FsStatus.Ok, host.FileSystem.Unmount());
        Assert.Equal(FsStatus.Ok, host.FileSystem.Mount());
        VirtualClock clock = host.Clock;
        while (host.FileSystem.RunBackground(clock) is { } due)
            clock.AdvanceTo(due);
        long tables = (host.Disk.Counters.WriteBytes - before) / InodeTableBytes;
        Assert.Equal(GroupCount, tables);
    }

    [Fact]
    public void Xfs_writes_dirty_metadata_home_half_a_minute_after_the_mount()
    {
        // 300 files of 5,000 bytes in one directory: the kernel wrote 193,536 bytes at 29.6 s, and nothing before or until 10 s later.
        HostMachine host = Install("xfs", waitMultiple: 0);
        InodeId directory = Make(host, host.FileSystem.Root, "d", InodeKind.Directory);
        for (var number = 0; number < 300; number++)
            Assert.Equal(FsStatus.Ok, host.FileSystem.Write(Make(host, directory, $"f{number:D5}", InodeKind.File), 0, 5000));
        Assert.Equal(FsStatus.Ok, host.FileSystem.Sync());
        long before = host.Disk.Counters.WriteBytes;

        Pass(host, 29);
        Assert.Equal(before, host.Disk.Counters.WriteBytes);
        Pass(host, 2);
        Assert.Equal(193_536, host.Disk.Counters.WriteBytes - before);
        Pass(host, 9);
        Assert.Equal(193_536, host.Disk.Counters.WriteBytes - before);
    }

    /// <summary>Recorded on Linux 6.1 with Docker 20.10.24: a load of 17,000 small files that took 200 s wrote 87 MB to an ext4 disk, 21 of them only because of
    /// commits in the middle.</summary>
    [Fact]
    public void Ext4_commits_a_transaction_when_it_is_five_seconds_old()
    {
        HostMachine host = Install("ext4", waitMultiple: 0);
        host.FileSystem.Sync();
        long before = host.Disk.Counters.WriteBytes;
        for (var second = 0; second < 5; second++)
        {
            Assert.Equal(FsStatus.Ok, host.FileSystem.Create(host.FileSystem.Root, _names.Intern($"f{second}"), InodeKind.File, out _));
            Assert.Equal(before, host.Disk.Counters.WriteBytes);
            Pass(host, 1);
        }

        Assert.Equal(FsStatus.Ok, host.FileSystem.Create(host.FileSystem.Root, _names.Intern("later"), InodeKind.File, out _));
        Assert.Equal(before, host.Disk.Counters.WriteBytes);
        Pass(host, 1);
        Assert.Equal(FsStatus.Ok, host.FileSystem.Create(host.FileSystem.Root, _names.Intern("last"), InodeKind.File, out _));
        Assert.True(host.Disk.Counters.WriteBytes > before);
    }

    private static void Pass(HostMachine host, int seconds) => host.PassTimeUntil(host.Clock.NowNanoseconds + (seconds * 1_000_000_000L));

    private HostMachine Install(string fileSystem, int waitMultiple, params string[] mkfsOptions) =>
        HostMachine.Install(TestHosts.Host(fileSystem) with { InodeTableWaitMultiple = waitMultiple, MkfsOptions = [.. mkfsOptions] }, _names);

    private InodeId Make(HostMachine host, InodeId directory, string name, InodeKind kind)
    {
        Assert.Equal(FsStatus.Ok, host.FileSystem.Create(directory, _names.Intern(name), kind, out InodeId inode));
        return inode;
    }
}
