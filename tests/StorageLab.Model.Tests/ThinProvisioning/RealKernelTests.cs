using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StorageLab.Model.Blocks;
using StorageLab.Model.ThinProvisioning;
using Xunit;

namespace StorageLab.Model.Tests.ThinProvisioning;

/// <summary>The model in lock-step with a real dm-thin.</summary>
/// <remarks>
/// real-kernel-history.txt holds 150 random operations on up to 12 devices of 20,000 blocks, and after each the metadata and data blocks
/// that
/// <c>dmsetup status</c> of Linux 6.1.176 (User-mode Linux) printed: a pool of 4 GiB data in 64 KiB blocks and 64 MiB metadata, without
/// passdown.
/// </remarks>
public sealed class RealKernelTests
{
    private const long Block = TestPool.BlockBytes;
    private const int DeviceBlockCount = 20_000;

    // SHA-256 of what thin_dump 0.9.0 printed at the end.
    private const string DumpSha256 = "008d8e68d0f22464305a7475a1b09cb141daa997c6f6a72f8e20930e72705bfc";

    private readonly TestPool _test = new(65_536, 16_384, takesDiscards: false);
    private readonly Dictionary<int, ThinDevice> _open = [];

    [Fact]
    public void Every_status_and_every_mapping_is_the_kernels()
    {
        var statusCount = 0;
        var lineNumber = 0;
        foreach (string line in ReadHistory())
        {
            lineNumber++;
            string[] words = line.Split(' ');
            long[] numbers = [.. words.Skip(1).Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
            if (words[0] != "status")
            {
                Apply(words[0], numbers);
                continue;
            }

            statusCount++;
            Assert.Equal(IoStatus.Ok, _test.Pool.Commit());
            Assert.Equal((lineNumber, numbers[0], numbers[1]), (lineNumber, _test.Pool.MetadataUsedBlockCount, _test.Pool.DataUsedBlockCount));
        }

        Assert.Equal(150, statusCount);
        var dump = new StringWriter();
        _test.Pool.WriteXml(dump);
        Assert.Equal(DumpSha256, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(dump.ToString()))));
        PoolChecker.Check(_test.Pool);
    }

    private static IEnumerable<string> ReadHistory()
    {
        using Stream stream = typeof(RealKernelTests).Assembly.GetManifestResourceStream("real-kernel-history.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private void Apply(string operation, long[] numbers)
    {
        var id = (int)numbers[0];
        switch (operation)
        {
            case "create":
                Assert.Equal(ThinMessageStatus.Ok, _test.Pool.CreateThin(id));
                _open.Add(id, _test.Pool.Open(id, DeviceBlockCount * Block));
                break;
            case "snap":
                Assert.Equal(ThinMessageStatus.Ok, _test.Pool.CreateSnapshot(id, (int)numbers[1]));
                _open.Add(id, _test.Pool.Open(id, DeviceBlockCount * Block));
                break;
            case "delete":
                _open.Remove(id, out ThinDevice? device);
                device!.Close();
                Assert.Equal(ThinMessageStatus.Ok, _test.Pool.Delete(id));
                break;
            case "writeall":
                for (long block = numbers[1]; block < numbers[1] + numbers[2]; block++)
                    Assert.Equal(IoStatus.Ok, _open[id].Write(block * Block, Block));
                break;
            case "writepart":
                WriteParts(_open[id], numbers[1], numbers[2]);
                break;
            case "discard":
                Assert.Equal(IoStatus.Ok, _open[id].Discard(numbers[1] * Block, numbers[2] * Block));
                break;
            default:
                Assert.Equal(IoStatus.Ok, _open[id].Flush());
                break;
        }
    }

    // 4 KiB into blocks drawn by the linear congruential generator that the recording used.
    private static void WriteParts(ThinDevice device, long seed, long count)
    {
        for (var i = 0; i < count; i++)
        {
            seed = unchecked((seed * 1_103_515_245) + 12_345) & 0x7fff_ffff;
            Assert.Equal(IoStatus.Ok, device.Write(((seed >> 8) % DeviceBlockCount * Block) + 8192, 4096));
        }
    }
}
