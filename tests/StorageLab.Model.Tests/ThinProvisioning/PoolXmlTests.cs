using System.Diagnostics;
using StorageLab.Model.Blocks;
using StorageLab.Model.ThinProvisioning;
using Xunit;

namespace StorageLab.Model.Tests.ThinProvisioning;

public sealed class PoolXmlTests
{
    private const long Block = TestPool.BlockBytes;

    [Fact]
    public void A_pool_is_written_as_thin_dump_writes_it()
    {
        Assert.Equal(
            """
            <superblock uuid="" time="1" transaction="4" flags="0" version="2" data_block_size="128" nr_data_blocks="2000">
              <device dev_id="1" mapped_blocks="3" transaction="0" creation_time="0" snap_time="1">
                <range_mapping origin_begin="0" data_begin="0" length="3" time="0"/>
              </device>
              <device dev_id="2" mapped_blocks="3" transaction="4" creation_time="1" snap_time="1">
                <single_mapping origin_block="0" data_block="0" time="0"/>
                <single_mapping origin_block="1" data_block="3" time="1"/>
                <single_mapping origin_block="2" data_block="2" time="0"/>
              </device>
            </superblock>

            """.ReplaceLineEndings("\n"),
            Xml(SmallPool().Pool));
    }

    [Fact]
    public void A_restored_pool_has_the_same_mappings_and_counts_and_goes_on_from_there()
    {
        TestPool original = LargePool();
        var restored = new RestoredPool(original);

        Assert.Equal(Xml(original.Pool), Xml(restored.Pool));
        PoolChecker.Check(restored.Pool);
        Assert.Equal(original.Pool.DataUsedBlockCount, restored.Pool.DataUsedBlockCount);
        foreach (int id in restored.Pool.DeviceIds.ToArray())
            Assert.Equal(ThinMessageStatus.Ok, restored.Pool.Delete(id));
        Assert.Equal(0, restored.Pool.DataUsedBlockCount);
    }

    [Theory]
    [InlineData(0, 5, 1999, 2, 0u)]
    [InlineData(0, 5, -1, 1, 0u)]
    [InlineData(0, 0, 5, 0, 0u)]
    [InlineData(0, 5, 5, long.MaxValue, 0u)]
    [InlineData(1 << 24, 5, 5, 1, 0u)]
    [InlineData(0, 5, 5, 1, 1u << 24)]
    [InlineData(0, 2, 5, 1, 0u)]
    public void A_dump_that_cannot_be_is_refused(int id, long virtualBlock, long dataBlock, long count, uint time)
    {
        ThinMappingRun[] runs = [new(0, 0, 5, 0), new(virtualBlock, dataBlock, count, time)];
        var contents = new ThinPoolContents(0, 0, [new ThinDeviceContents(id, 0, 0, 0, runs)]);
        var test = new TestPool(2000, 400);
        Assert.ThrowsAny<ArgumentException>(() => ThinPool.Restore(test.Data, test.Metadata, test.Options, test.Clock, contents));
    }

    [Fact]
    public void The_real_tools_restore_check_and_dump_the_same_mappings()
    {
        Assert.SkipUnless(
            File.Exists("/usr/sbin/thin_restore") && File.Exists("/usr/sbin/thin_check") && File.Exists("/usr/sbin/thin_dump"),
            "thin_restore, thin_check and thin_dump are not installed (Debian: thin-provisioning-tools)");
        string folder = Directory.CreateTempSubdirectory("storagelab-thin-").FullName;
        try
        {
            string xmlFile = Path.Combine(folder, "pool.xml");
            string metadataFile = Path.Combine(folder, "pool.bin");
            string xml = Xml(LargePool().Pool);
            File.WriteAllText(xmlFile, xml);
            using (FileStream stream = File.Create(metadataFile))
                stream.SetLength(16 << 20);
            _ = Run("/usr/sbin/thin_restore", "-q", "-i", xmlFile, "-o", metadataFile);
            _ = Run("/usr/sbin/thin_check", "-q", metadataFile);
            Assert.Equal(xml, Run("/usr/sbin/thin_dump", metadataFile));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static TestPool SmallPool()
    {
        var test = new TestPool(2000, 400);
        ThinDevice origin = test.CreateAndOpen(1);
        Assert.Equal(IoStatus.Ok, origin.Write(0, 3 * Block));
        Assert.Equal(ThinMessageStatus.Ok, test.Pool.SetTransactionId(0, 4));
        Assert.Equal(ThinMessageStatus.Ok, test.Pool.CreateSnapshot(2, 1));
        Assert.Equal(IoStatus.Ok, test.Pool.Open(2, 10 * Block).Write(Block, Block));
        return test;
    }

    private static TestPool LargePool()
    {
        TestPool test = SmallPool();
        ThinDevice device = test.Pool.Open(2, 5000 * Block);
        for (long block = 0; block < 4000; block += 9)
            Assert.Equal(IoStatus.Ok, device.Write(block * Block, 2 * Block));
        Assert.Equal(ThinMessageStatus.Ok, test.Pool.CreateSnapshot(7, 2));
        Assert.Equal(ThinMessageStatus.Ok, test.Pool.CreateSnapshot(8, 7));
        Assert.Equal(IoStatus.Ok, test.Pool.Open(8, 5000 * Block).Write(900 * Block, 300 * Block));
        Assert.Equal(IoStatus.Ok, test.Pool.Open(7, 5000 * Block).Discard(1000 * Block, 500 * Block));
        Assert.Equal(ThinMessageStatus.Ok, test.Pool.CreateThin(9));
        return test;
    }

    private static string Xml(ThinPool pool)
    {
        var writer = new StringWriter();
        pool.WriteXml(writer);
        return writer.ToString();
    }

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {errors.GetAwaiter().GetResult()}{output}");
        return output;
    }

    private sealed class RestoredPool
    {
        public RestoredPool(TestPool original)
        {
            ThinPool pool = original.Pool;
            var contents = new ThinPoolContents(pool.Time, pool.TransactionId, pool.DeviceIds.ToArray().Select(pool.Describe));
            Pool = ThinPool.Restore(
                new RecordingDevice(original.Data.LengthBytes), new RecordingDevice(original.Metadata.LengthBytes), original.Options, original.Clock, contents);
        }

        public ThinPool Pool { get; }
    }
}
