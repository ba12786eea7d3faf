using System.Collections.Immutable;
using System.Text;
using CsCheck;
using StorageLab.Model.Images;
using StorageLab.Scenarios.Listings;
using Xunit;

namespace StorageLab.Scenarios.Tests;

public sealed class LayerListingTests
{
    private const string Header = "layer_index,path,type,size,mode,linkname\n";

    private static ImmutableArray<LayerContent> Read(string text) =>
        LayerListingReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "test.csv", new NameTable());

    [Fact]
    public void Columns_are_found_by_name_and_layers_by_index()
    {
        ImmutableArray<LayerContent> layers = Read(
            "linkname,type,path,layer_index,size\n,dir,a,0,0\n,file,a/b,0,7\na/b,hardlink,a/c,0,0\n/x,symlink,s,1,2\n,whiteout,a/b,1,0\n,opaque,a,1,0\n,char,dev/null,2,0\n");

        Assert.Equal([(7L, 0L), (0L, 2L), (0L, 0L)], layers.Select(layer => (layer.FileBytes, layer.SymlinkBytes)));
        Assert.Equal([LayerEntryKind.Directory, LayerEntryKind.File, LayerEntryKind.HardLink], layers[0].Entries.ToArray().Select(entry => entry.Kind));
        Assert.Equal(1, layers[0].Entries[2].LinkIndex);
        Assert.Equal([LayerEntryKind.Symlink, LayerEntryKind.Implied, LayerEntryKind.Whiteout, LayerEntryKind.OpaqueMarker],
            layers[1].Entries.ToArray().Select(entry => entry.Kind));
        Assert.Equal([LayerEntryKind.Implied, LayerEntryKind.Special], layers[2].Entries.ToArray().Select(entry => entry.Kind));
    }

    [Theory]
    [InlineData("", "test.csv: is empty; a listing begins with its column names")]
    [InlineData("path,type,size\n", "test.csv:1:1: the header must name the columns path, type, size, linkname")]
    [InlineData(Header + "0,a,file\n", "test.csv:2:1: has 3 fields; the header names 6")]
    [InlineData(Header + "0,a,file,-1,0644,\n", "test.csv:2:1: size is '-1'; it is a whole number of bytes")]
    [InlineData(Header + "0,a,fil,1,0644,\n", "test.csv:2:1: type is 'fil'; it is file, dir, symlink, hardlink, whiteout, opaque, char, block or fifo")]
    [InlineData(Header + "0,a,dir,0,0,\n2,b,dir,0,0,\n", "test.csv:3:1: layer_index is 2 after 0; layers follow each other, at most 125")]
    [InlineData(Header + "x,a,dir,0,0,\n", "test.csv:2:1: layer_index is 'x'; it is a whole number")]
    [InlineData(Header + "0,a/../b,dir,0,0,\n", "test.csv:2:1: path 'a/../b': not a file name: '..'")]
    [InlineData(Header + "0,/,dir,0,0,\n", "test.csv:2:1: path '/': the path names no entry")]
    [InlineData(Header + "0,a,file,99999999999999,0,\n", "test.csv:2:1: a file has 99999999999999 bytes; the largest that ext4 holds has 17592186044416")]
    public void A_malformed_listing_is_refused_with_its_line(string text, string problem) =>
        Assert.Equal(problem, Assert.Throws<InputException>(() => Read(text)).Message);

    [Fact]
    public void A_truncated_listing_is_an_input_problem()
    {
        string path = Path.GetTempFileName() + ".gz";
        File.WriteAllBytes(path, TarText.Gzip(Encoding.UTF8.GetBytes(Header + string.Concat(Enumerable.Range(0, 5000).Select(i => $"0,d{i * 7919 % 5000},dir,0,0,\n"))))[..4000]);
        Assert.Throws<InputException>(() => LayerListingReader.Read(path, new NameTable()));
        File.Delete(path);
    }

    [Fact]
    public void Rows_come_back_as_they_were_written()
    {
        Gen<string> field = Gen.OneOf(Gen.String[Gen.Char["ab,\" "], 0, 6], Gen.String[Gen.Char["xyz"], 0, 3]);
        field.Array[1, 6].Array[1, 20].Sample(rows =>
        {
            string text = string.Concat(rows.Select(row => string.Join(',', row.Select(f => f.AsSpan().IndexOfAny(',', '"') < 0 ? f : $"\"{f.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n"));
            CsvRows reader = new(new StringReader(text));
            foreach (string[] row in rows.Where(row => row is not [""]))
            {
                Assert.True(reader.Read());
                Assert.Equal(row, Enumerable.Range(0, reader.Count).Select(index => reader[index].ToString()));
            }

            Assert.False(reader.Read());
        }, iter: 1000);
    }
}
