using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using Xunit;

namespace StorageLab.Model.Tests.Drivers;

public sealed class StorageOptionsTests
{
    private static StorageOptions Parse(string driver, params (string Name, string Value)[] given)
    {
        StorageOptions options = StorageOptions.Parse(
            driver, given.Select(option => KeyValuePair.Create(option.Name, option.Value)), out ImmutableArray<StorageOptionProblem> problems);
        Assert.Empty(problems);
        return options;
    }

    private static string ProblemOf(string driver, string name, string value)
    {
        StorageOptions.Parse(driver, [KeyValuePair.Create(name, value)], out ImmutableArray<StorageOptionProblem> problems);
        return Assert.Single(problems).Message;
    }

    [Fact]
    public void Defaults_are_Dockers()
    {
        StorageOptions loop = StorageOptions.Default("loop-lvm");
        Assert.Equal((107_374_182_400, 2_147_483_648, 10_737_418_240, 65_536), (loop.LoopDataBytes, loop.LoopMetadataBytes, loop.BaseDeviceBytes, loop.ThinBlockBytes));
        Assert.Equal((10, true, null), (loop.MinFreeSpacePercent, loop.DiscardsOnDelete, loop.FileSystem));

        StorageOptions direct = StorageOptions.Default("direct-lvm");
        Assert.Equal((524_288, true), (direct.ThinBlockBytes, direct.DiscardsOnDelete));
        Assert.Equal((95, 1, 80, 20), (direct.ThinpPercent, direct.ThinpMetaPercent, direct.ThinpAutoextendThresholdPercent, direct.ThinpAutoextendPercent));
        Assert.Null(StorageOptions.Default("overlay2").OverlaySizeBytes);
    }

    [Fact]
    public void Given_values_are_read_by_Dockers_rules()
    {
        StorageOptions options = Parse("loop-lvm", ("DM.LoopDataSize", "1G"), ("dm.basesize", "1.5gb"), ("dm.blkdiscard", "F"), ("dm.min_free_space", "0%"),
            ("dm.fs", "ext4"), ("dm.mkfsarg", "-E lazy_itable_init=1  -m 0"), ("dm.mountopt", "discard,noatime"), ("dm.use_deferred_removal", "1"),
            ("dm.xfs_nospace_max_retries", "0"), ("dm.blocksize", "512K"), ("dm.loopmetadatasize", "134217728"));

        Assert.Equal((1L << 30, 3L << 29, 524_288, 134_217_728), (options.LoopDataBytes, options.BaseDeviceBytes, options.ThinBlockBytes, options.LoopMetadataBytes));
        Assert.Equal((false, false, 0, "ext4"), (options.BlkDiscard, options.DiscardsOnDelete, options.MinFreeSpacePercent, options.FileSystem));
        Assert.Equal(["discard", "noatime"], options.MountOptions);
        Assert.True(options.DiscardsFreedBlocks);
        Assert.Equal(["-E", "lazy_itable_init=1", "-m", "0"], options.MkfsArguments);
        Assert.Equal((true, null, 0), (options.UseDeferredRemoval, options.UseDeferredDeletion, options.XfsNospaceMaxRetries));
        Assert.True(Parse("direct-lvm", ("dm.blkdiscard", "true"), ("dm.directlvm_device", "/dev/sdb"), ("dm.directlvm_device_force", "true")).DiscardsOnDelete);
        StorageOptions made = Parse("direct-lvm", ("dm.thinpooldev", "/dev/mapper/docker-thinpool"));
        Assert.Equal(("/dev/mapper/docker-thinpool", false), (made.ThinPoolDevice, made.DiscardsOnDelete));
        Assert.Equal(10L << 30, Parse("overlay2", ("overlay2.size", "10G"), ("overlay2.override_kernel_check", "true")).OverlaySizeBytes);
    }

    [Theory]
    [InlineData("loop-lvm", "dm.blkdiscrad", "true", "unknown storage option 'dm.blkdiscrad'; did you mean dm.blkdiscard?")]
    [InlineData("loop-lvm", "size", "1", "unknown storage option 'size'; loop-lvm takes dm.loopdatasize, dm.loopmetadatasize, dm.basesize, dm.blocksize, dm.min_free_space, "
        + "dm.blkdiscard, dm.fs, dm.mkfsarg, dm.mountopt, dm.use_deferred_removal, dm.use_deferred_deletion, dm.xfs_nospace_max_retries")]
    [InlineData("overlay2", "dm.basesize", "10G", "dm.basesize is an option of loop-lvm and direct-lvm, not of overlay2")]
    [InlineData("loop-lvm", "dm.basesize", "1M", "dm.basesize is 1M, which is out of range; it may be 300 MiB to 16 TiB")]
    [InlineData("loop-lvm", "dm.blkdiscard", "yes", "dm.blkdiscard is 'yes'; it is true or false")]
    [InlineData("loop-lvm", "dm.min_free_space", "100%", "dm.min_free_space is '100%'; it is a whole share from 0% to 99%")]
    [InlineData("loop-lvm", "dm.mountopt", " ", "dm.mountopt is empty; give a value such as discard, or leave the option out")]
    [InlineData("loop-lvm", "dm.mountopt", "noatime,discrad", "dm.mountopt has 'discrad'; did you mean discard?")]
    [InlineData("loop-lvm", "dm.mkfsarg", "-m reflnk=0", "dm.mkfsarg: mkfs.xfs argument 'reflnk=0' is not modelled; crc, finobt, reflink and sparse (each =0 or =1) are")]
    [InlineData("direct-lvm", "dm.thinp_percent", "100", "dm.thinp_percent is '100'; it is a whole number from 1 to 99")]
    [InlineData("loop-lvm", "dm.use_deferred_deletion", "maybe", "dm.use_deferred_deletion is 'maybe'; it is true or false")]
    public void A_wrong_option_says_what_would_be_right(string driver, string name, string value, string message) =>
        Assert.Equal(message, ProblemOf(driver, name, value));

    [Fact]
    public void Options_that_exclude_each_other_are_refused()
    {
        StorageOptions.Parse("direct-lvm",
            [new("dm.directlvm_device", "/dev/sdb"), new("dm.thinpooldev", "pool"), new("dm.use_deferred_deletion", "true"), new("dm.use_deferred_removal", "false")],
            out ImmutableArray<StorageOptionProblem> problems);
        Assert.Equal(["dm.use_deferred_deletion", "dm.thinpooldev"], problems.Select(problem => problem.Option));
    }

    [Fact]
    public void Every_option_takes_its_default_or_says_in_words_what_it_is()
    {
        Assert.Equal(StorageOptionCatalog.All.Length, StorageOptionCatalog.All.Select(option => option.Name).Distinct().Count());
        Assert.All(StorageOptionCatalog.All, option => Assert.Same(option, StorageOptionCatalog.Find(option.Name)));
        Assert.All(StorageOptionCatalog.All, option => Assert.NotEmpty(option.Summary));
    }
}
