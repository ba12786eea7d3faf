using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using CsCheck;
using StorageLab.Cli.ThinDumps;
using StorageLab.Model.Blocks;
using StorageLab.Model.ThinProvisioning;
using StorageLab.Scenarios;
using Xunit;

namespace StorageLab.Cli.Tests;

public sealed class ThinDumpTests : IDisposable
{
    private const string Scenario =
        """
        title: a pool with layers and a container
        drivers:
          - {driver: loop-lvm}
          - {driver: overlay2}
        steps:
          - pull: nginx:1.22
          - run: {image: nginx:1.22, name: web}
          - write: {in: web, path: /data, size: 5MiB}
        """;

    private static readonly string Dump = Path.Combine(Repository.Root, "recordings/runs/S6-direct-lvm/thin_dump_final.xml.gz");

    private readonly Storagelab _storagelab = new();

    public void Dispose() => _storagelab.Dispose();

    [Fact]
    public void A_real_pools_dump_is_told_by_owners_and_what_would_come_back()
    {
        Storagelab.Result result = _storagelab.Run("import", "thin-dump", Dump, "--snapshot", "1", "--overwrite", "1", "--delete", "3", "--block-size", "1M", "--json");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement root = json.RootElement;
        // What dmsetup status printed of this pool: 195 of 2,272 data blocks.
        Assert.Equal((195, 2272), (root.GetProperty("used_blocks").GetInt32(), root.GetProperty("total_blocks").GetInt32()));
        JsonElement[] devices = [.. root.GetProperty("devices").EnumerateArray()];
        Assert.Equal([1, 2, 3, 6, 7], devices.Select(device => device.GetProperty("device").GetInt32()));
        int exclusive = devices[2].GetProperty("exclusive_blocks").GetInt32();
        Assert.Equal(
            [("snapshot 1 as 8", 0), ("overwrite 1", devices[0].GetProperty("mapped_blocks").GetInt32()), ("delete 3", -exclusive)],
            root.GetProperty("what_if").EnumerateArray().Select(change => (change.GetProperty("action").GetString(), change.GetProperty("data_blocks").GetInt32())));
        Assert.InRange(root.GetProperty("larger_blocks")[0].GetProperty("used_blocks").GetInt32(), 195 / 2, 195);
    }

    [Theory]
    [InlineData("there is no such file", "nowhere.xml")]
    [InlineData("--delete: the dump has no device 99", "DUMP", "--delete", "99")]
    [InlineData("--block-size: '100K' is not a multiple of the pool's 512 KiB", "DUMP", "--block-size", "100K")]
    public void What_cannot_be_asked_is_one_line_and_exit_code_2(string message, params string[] arguments)
    {
        Storagelab.Result result = _storagelab.Run(["import", "thin-dump", .. arguments.Select(argument => argument == "DUMP" ? Dump : argument)]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dump_damaged_in_any_way_is_a_pool_or_said_to_be_none()
    {
        string path = Path.Combine(_storagelab.Folder, "pool.xml");
        using GZipStream gzip = new(File.OpenRead(Dump), CompressionMode.Decompress);
        using MemoryStream xml = new();
        gzip.CopyTo(xml);
        DiskProfile profile = DeviceProfileReader.Read(Path.Combine(ScenarioLibrary.Shipped.Folder, "profiles", "nvme.yaml"));
        Damage.Any.Sample(
            damage =>
            {
                File.WriteAllBytes(path, damage.Do(xml.ToArray()));
                try
                {
                    _ = ThinPoolUsage.Of(ImportedPool.Read(path, profile).Pool);
                }
                catch (InputException e)
                {
                    Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
                }
            },
            iter: 200, threads: 1);
    }

    [Fact]
    public void A_runs_pool_goes_out_as_a_dump_that_the_real_tools_take_and_comes_in_again()
    {
        _storagelab.Write("pool.yaml", Scenario);
        Assert.Equal(0, _storagelab.Run("run", "pool.yaml", "--out", "out", "--thin-dump", "--json").ExitCode);
        string dump = Path.Combine(_storagelab.Folder, "out/thin-dump/loop-lvm.xml");
        Assert.Equal([dump], Directory.GetFiles(Path.GetDirectoryName(dump)!));
        Assert.Contains("1,638,400 blocks of 64.0 KiB (100 GiB)", _storagelab.Run("import", "thin-dump", dump).Output, StringComparison.Ordinal);

        Assert.SkipUnless(File.Exists("/usr/sbin/thin_restore"), "thin_restore is not installed (Debian: thin-provisioning-tools)");
        string metadata = Path.Combine(_storagelab.Folder, "metadata");
        using (FileStream stream = File.Create(metadata))
            stream.SetLength(64 << 20);
        _ = Tool("thin_restore", "-q", "-i", dump, "-o", metadata);
        _ = Tool("thin_check", "-q", metadata);
        Assert.Equal(File.ReadAllText(dump), Tool("thin_dump", metadata));
    }

    private static string Tool(string name, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("/usr/sbin/" + name, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
