using System.IO.Compression;
using System.Text;
using StorageLab.Model.ThinProvisioning;
using StorageLab.Scenarios.ThinDumps;
using Xunit;

namespace StorageLab.Scenarios.Tests;

public sealed class ThinDumpReaderTests : IDisposable
{
    private const string Superblock = "<superblock uuid=\"\" time=\"2\" transaction=\"4\" flags=\"0\" version=\"2\" data_block_size=\"128\" nr_data_blocks=\"2000\">\n";

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Devices_come_with_their_mappings_in_order()
    {
        (ThinDumpHeader header, ThinPoolContents contents, ThinDeviceContents[] devices) = Read(Superblock +
            """
              <device dev_id="1" mapped_blocks="3" transaction="0" creation_time="0" snap_time="1">
                <range_mapping origin_begin="0" data_begin="7" length="2" time="0"/>
                <single_mapping origin_block="9" data_block="1999" time="2"/>
              </device>
              <device dev_id="5" mapped_blocks="0" transaction="3" creation_time="1" snap_time="2">
              </device>
            </superblock>
            """);

        Assert.Equal(new ThinDumpHeader(64 << 10, 2000), header);
        Assert.Equal((2u, 4L), (contents.Time, contents.TransactionId));
        Assert.Equal([(1, 0L, 0u, 1u), (5, 3L, 1u, 2u)], devices.Select(device => (device.Id, device.TransactionId, device.CreationTime, device.SnapshottedTime)));
        Assert.Equal([new ThinMappingRun(0, 7, 2, 0), new ThinMappingRun(9, 1999, 1, 2)], devices[0].Mappings);
        Assert.Empty(devices[1].Mappings);
    }

    [Fact]
    public void Mappings_that_devices_share_may_be_defined_once()
    {
        (_, _, ThinDeviceContents[] devices) = Read(Superblock +
            """
            <def name="a"><range_mapping origin_begin="4" data_begin="0" length="2" time="0"/></def>
            <def name="b"><ref name="a"/><single_mapping origin_block="6" data_block="9" time="1"/></def>
            <device dev_id="1" mapped_blocks="4" transaction="0" creation_time="0" snap_time="1"><single_mapping origin_block="0" data_block="8" time="1"/><ref name="b"/></device>
            </superblock>
            """);
        Assert.Equal([new(0, 8, 1, 1), new(4, 0, 2, 0), new ThinMappingRun(6, 9, 1, 1)], devices[0].Mappings);
    }

    [Fact]
    public void Gzip_is_told_by_its_content_and_must_be_whole()
    {
        byte[] xml = Encoding.UTF8.GetBytes(Superblock + "</superblock>\n");
        using (FileStream file = File.Create(_path))
        using (GZipStream gzip = new(file, CompressionLevel.Fastest))
            gzip.Write(xml);
        Assert.Equal((0, 0), ThinDumpReader.Count(_path));
        File.WriteAllBytes(_path, File.ReadAllBytes(_path)[..^1]);
        Assert.Contains("gzip data is cut off", Assert.Throws<InputException>(() => ThinDumpReader.Count(_path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1, "not a dump: ")]
    [InlineData("nonsense", 1, "not a dump: ")]
    [InlineData("<pool/>", 1, "begins with 'pool'; a dump begins with a superblock")]
    [InlineData("<superblock time=\"0\" transaction=\"0\" data_block_size=\"128\"/>", 1, "superblock has no nr_data_blocks")]
    [InlineData("<superblock time=\"0\" transaction=\"0\" data_block_size=\"100\" nr_data_blocks=\"5\"/>", 1, "data_block_size is 100; it is a multiple of 128 sectors")]
    [InlineData("<superblock time=\"0\" transaction=\"0\" data_block_size=\"0\" nr_data_blocks=\"5\"/>", 1, "data_block_size is 0; it is a multiple of 128 sectors")]
    [InlineData("<superblock time=\"0\" transaction=\"0\" data_block_size=\"128\" nr_data_blocks=\"0\"/>", 1, "nr_data_blocks is 0; a pool has blocks")]
    [InlineData("<superblock time=\"0\" transaction=\"0\" data_block_size=\"128\" nr_data_blocks=\"999999999999\"/>", 1, "nr_data_blocks is 999999999999; it is at most 268435456")]
    [InlineData("<superblock time=\"16777216\" transaction=\"0\" data_block_size=\"128\" nr_data_blocks=\"5\"/>", 1, "time is 16777216; it is at most 16777215")]
    [InlineData("<!DOCTYPE superblock [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<superblock>&b;</superblock>", 1, "not a dump: ")]
    public void A_superblock_that_cannot_be_is_said_by_its_place(string xml, int line, string message) => AssertRefused(xml, line, message);

    [Theory]
    [InlineData("<device dev_id=\"1\" mapped_blocks=\"1\" transaction=\"0\" creation_time=\"0\" snap_time=\"0\">", 3, "not a dump: ")]
    [InlineData("<device dev_id=\"16777216\" mapped_blocks=\"0\" transaction=\"0\" creation_time=\"0\" snap_time=\"0\"/>", 2, "dev_id is 16777216; it is at most 16777215")]
    [InlineData("<device dev_id=\"-1\" mapped_blocks=\"0\" transaction=\"0\" creation_time=\"0\" snap_time=\"0\"/>", 2, "dev_id is '-1'; it is a whole number from 0 up")]
    [InlineData("<device dev_id=\"1\" transaction=\"0\" creation_time=\"0\" snap_time=\"0\"/>", 2, "device has no mapped_blocks")]
    [InlineData("<device dev_id=\"1\" mapped_blocks=\"7\" transaction=\"0\" creation_time=\"0\" snap_time=\"0\"/>", 2, "device 1 has mapped_blocks 7, but 0 mappings")]
    [InlineData("<device dev_id=\"1\" mapped_blocks=\"0\" transaction=\"0\" creation_time=\"3\" snap_time=\"0\"/>", 2, "creation_time is 3; it is at most 2")]
    [InlineData("<single_mapping origin_block=\"0\" data_block=\"8\" time=\"1\"/>", 2, "'single_mapping' in a superblock; it holds devices")]
    [InlineData("text", 1, "text in a superblock; it holds elements")]
    public void A_device_that_cannot_be_is_said_by_its_place(string xml, int line, string message) => AssertRefused(Superblock + xml + "\n</superblock>\n", line, message);

    [Theory]
    [InlineData("<single_mapping origin_block=\"0\" data_block=\"2000\" time=\"0\"/>", "data_block is 2000; it is at most 1999")]
    [InlineData("<single_mapping origin_block=\"0\" data_block=\"0\" time=\"3\"/>", "time is 3; it is at most 2")]
    [InlineData("<range_mapping origin_begin=\"0\" data_begin=\"1999\" length=\"2\" time=\"0\"/>", "2 blocks from data block 1999 on are outside a pool of 2000 blocks")]
    [InlineData("<range_mapping origin_begin=\"0\" data_begin=\"0\" length=\"0\" time=\"0\"/>", "length is 0; a range has blocks")]
    [InlineData("<range_mapping origin_begin=\"4294967290\" data_begin=\"0\" length=\"9\" time=\"0\"/>", "9 blocks from 4294967290 on are more than a device can have")]
    [InlineData("<single_mapping origin_block=\"0\" data_block=\"0\" time=\"0\"><a/></single_mapping>", "a single_mapping holds nothing")]
    [InlineData("<ref name=\"a\"/>", "ref 'a' has no def before it")]
    [InlineData("<device/>", "'device' in a device; it holds single_mapping, range_mapping and ref")]
    public void A_mapping_that_cannot_be_is_said_by_its_place(string mapping, string message) =>
        AssertRefused($"{Superblock}<device dev_id=\"1\" mapped_blocks=\"1\" transaction=\"0\" creation_time=\"0\" snap_time=\"0\">\n{mapping}\n</device></superblock>", 3, message);

    [Theory]
    [InlineData("origin_block=\"5\"", "device 1 maps block 5 after block 5; mappings are in ascending order, none twice")]
    [InlineData("origin_block=\"4\"", "device 1 maps block 4 after block 5; mappings are in ascending order, none twice")]
    public void Mappings_that_overlap_are_refused(string origin, string message) => AssertRefused(
        $"{Superblock}<device dev_id=\"1\" mapped_blocks=\"3\" transaction=\"0\" creation_time=\"0\" snap_time=\"0\">\n<range_mapping origin_begin=\"4\" data_begin=\"0\" length=\"2\" time=\"0\"/>\n"
        + $"<single_mapping {origin} data_block=\"9\" time=\"0\"/></device></superblock>",
        4, message);

    [Fact]
    public void More_mappings_than_any_host_has_are_refused_before_they_cost_memory()
    {
        StringBuilder xml = new(Superblock.Replace("2000", "268435456", StringComparison.Ordinal));
        for (var i = 0; i < 3; i++)
        {
            xml.AppendLine(System.Globalization.CultureInfo.InvariantCulture,
                $"<device dev_id=\"{i}\" mapped_blocks=\"33554432\" transaction=\"0\" creation_time=\"0\" snap_time=\"0\"><range_mapping origin_begin=\"0\" data_begin=\"0\" length=\"33554432\" time=\"0\"/></device>");
        }

        AssertRefused(xml + "</superblock>", 3, "more than 33554432 mappings");
    }

    [Fact]
    public void Definitions_that_double_one_another_are_refused_before_they_cost_memory()
    {
        StringBuilder xml = new(Superblock + "<def name=\"0\"><single_mapping origin_block=\"0\" data_block=\"0\" time=\"0\"/></def>\n");
        for (var i = 1; i < 64; i++)
            xml.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"<def name=\"{i}\"><ref name=\"{i - 1}\"/><ref name=\"{i - 1}\"/></def>");
        Assert.Contains("more than 4194304 shared runs", Refusal(xml + "</superblock>").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endless_attribute_is_refused_before_it_costs_memory() =>
        Assert.Contains("without the end of a tag", Refusal("<superblock uuid=\"" + new string('a', 1 << 20)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_is_said() => Assert.Contains("there is no such file", Assert.Throws<InputException>(() => ThinDumpReader.Count(_path + "-none")).Message, StringComparison.Ordinal);

    private void AssertRefused(string xml, int line, string message)
    {
        InputProblem problem = Refusal(xml);
        Assert.Equal(line, problem.Line);
        Assert.True(problem.Column >= 1);
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
    }

    private InputProblem Refusal(string xml) => Assert.Single(Assert.Throws<InputException>(() => Read(xml)).Problems);

    private (ThinDumpHeader Header, ThinPoolContents Contents, ThinDeviceContents[] Devices) Read(string xml)
    {
        File.WriteAllText(_path, xml);
        return ThinDumpReader.Read(_path, (header, contents) =>
            (header, contents, contents.Devices.Select(device => device with { Mappings = [.. device.Mappings] }).ToArray()));
    }
}
