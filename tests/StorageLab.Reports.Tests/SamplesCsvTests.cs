using System.Text;
using CsCheck;
using StorageLab.Model.Blocks;
using StorageLab.Model.Measurement;
using Xunit;

namespace StorageLab.Reports.Tests;

public sealed class SamplesCsvTests
{
    private static readonly Sample Example = FakeRun.Samples("loop-lvm", 3).Last();

    [Fact]
    public void Every_sample_of_a_run_reads_back_as_it_was()
    {
        foreach (string variant in FakeRun.Variants)
        {
            Sample[] samples = [.. FakeRun.Samples(variant, 50)];
            Assert.Equal(samples.Select(Comparable), ReadBack(Write(samples)).Select(Comparable));
        }
    }

    [Fact]
    public void Any_text_and_any_number_reads_back_as_it_was() =>
        Gen.Select(Gen.String[Gen.Char["ab='+-@,;\"\r\n\té中"], 0, 12], Gen.Long, Gen.ULong).Sample((text, number, seed) =>
        {
            Sample sample = Example with { Variant = text, Target = text, Error = text, BackingAllocatedBytes = number, Seed = seed };
            Assert.Equal(Comparable(sample), Comparable(Assert.Single(ReadBack(Write([sample])))));
        });

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+A1")]
    [InlineData("-2")]
    [InlineData("@SUM(A1)")]
    [InlineData("\tx")]
    public void No_cell_begins_like_a_formula(string text)
    {
        string row = Write([Example with { Target = text }]).Split('\n')[1];
        Assert.Contains(",'" + text, row, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_mean_the_same_are_named_as_in_the_recorded_runs()
    {
        string[] recorded =
        [
            "step", "op", "target", "error", "live_layers_bytes", "layers", "images", "dangling_images", "containers", "containers_running",
            "data_file_allocated_bytes", "data_file_apparent_bytes", "metadata_file_allocated_bytes", "pool_data_used_blocks", "pool_data_total_blocks",
            "pool_metadata_used_blocks", "pool_metadata_total_blocks", "pool_block_bytes", "pool_mode", "thin_devices", "host_fs_total_bytes",
            "host_fs_used_bytes", "host_fs_used_inodes", "graph_dir_allocated_bytes", "graph_dir_inodes", "page_cache_bytes",
            "disk_read_ios", "disk_write_bytes", "disk_discard_ios", "disk_flush_ios", "rootdisk_write_bytes", "datadev_write_bytes", "metadev_write_ios",
        ];
        Assert.Empty(recorded.Except(SampleColumn.All.Select(c => c.Name)));
        Assert.Equal(SampleColumn.All.Count, SampleColumn.All.Select(c => c.Name).Distinct().Count());
    }

    [Fact]
    public void A_driver_without_a_pool_leaves_its_columns_empty()
    {
        string[] lines = Write([FakeRun.Samples("overlay2", 1).Last()]).Split('\n');
        int index = Array.IndexOf(lines[0].Split(','), "pool_data_used_blocks");
        Assert.Equal("", lines[1].Split(',')[index]);
    }

    [Theory]
    [InlineData("", "samples.csv:1: the file is empty")]
    [InlineData("step,op\n1,pull\n", "samples.csv:1: the column schema_version is missing")]
    public void A_file_that_is_no_samples_file_is_said_by_name_and_line(string text, string message)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => ReadBack(text).ToList());
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("layers", "many", "samples.csv:2: layers is 'many'; it must be a whole number")]
    [InlineData("result", "maybe", "samples.csv:2: result is 'maybe'; it must be ok, refused or failed")]
    [InlineData("schema_version", "9", "samples.csv:2: schema_version is '9'; it must be 1")]
    public void A_cell_that_cannot_be_is_said_by_line_and_column(string column, string cell, string message)
    {
        string[] lines = Write([Example]).Split('\n');
        string[] cells = lines[1].Split(',');
        cells[Array.IndexOf(lines[0].Split(','), column)] = cell;
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => ReadBack(lines[0] + "\n" + string.Join(',', cells) + "\n").ToList());
        Assert.Equal(message, e.Message);
    }

    private static string Write(IEnumerable<Sample> samples)
    {
        using MemoryStream stream = new();
        SamplesCsvWriter writer = new(stream);
        writer.WriteHeader();
        foreach (Sample sample in samples)
            writer.Write(sample);
        writer.Flush();
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static IEnumerable<Sample> ReadBack(string text) => SamplesCsvReader.Read(new StringReader(text), "samples.csv");

    /// <summary>Records compare lists by reference; this compares their content.</summary>
    private static (Sample Sample, string Floors) Comparable(Sample sample)
    {
        string floors = string.Join('|', sample.Floors.Select(f => f is { } c ? $"{c.ReadCount} {c.ReadBytes} {c.WriteCount} {c.WriteBytes} {c.DiscardCount} {c.DiscardBytes} {c.FlushCount}" : "none"));
        return (sample with { Floors = Array.Empty<IoCounters?>() }, floors);
    }
}
