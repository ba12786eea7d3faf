using System.Formats.Tar;
using StorageLab.Host.Docker;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Host.Tests.Docker;

public sealed class LayerTarTests
{
    private const string Identity = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private const string OtherIdentity = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

    private readonly NameTable _names = new();

    [Fact]
    public void An_archive_holds_every_entry_of_the_listing_with_its_kind_size_mode_and_link()
    {
        LayerContentBuilder builder = new(_names);
        builder.Add("usr", LayerEntryKind.Directory, 0, Octal("0755"));
        builder.Add("usr/bin/tool", LayerEntryKind.File, 70_000, Octal("4755"));
        builder.Add("usr/secret", LayerEntryKind.File, 5, Octal("0600"));
        builder.AddSymlink("usr/sh", "bin/tool");
        builder.AddHardLink("usr/again", "usr/secret");
        builder.Add("run/fifo", LayerEntryKind.Special, 0);
        builder.Add("etc/gone", LayerEntryKind.Whiteout, 0);
        builder.Add("var/cache", LayerEntryKind.OpaqueMarker, 0);

        Assert.Equal(
            [
                "usr/ Directory 0 0755 ", "usr/bin/tool RegularFile 70000 4755 ", "usr/secret RegularFile 5 0600 ", "usr/sh SymbolicLink 0 0755 bin/tool",
                "usr/again HardLink 0 0755 usr/secret", "run/fifo Fifo 0 0755 ", "etc/.wh.gone RegularFile 0 0755 ", "var/cache/.wh..wh..opq RegularFile 0 0755 ",
            ],
            Entries(Write(new ImageLayer(Identity, 0, builder.Build()))).Select(Shown));
    }

    [Fact]
    public void The_same_layer_gives_the_same_bytes_and_another_identity_gives_others()
    {
        byte[] once = Write(Layer(Identity, 3000));
        Assert.Equal(once, Write(Layer(Identity, 3000)));
        Assert.NotEqual(once, Write(Layer(OtherIdentity, 3000)));
    }

    [Fact]
    public void No_byte_of_a_file_is_zero_and_files_differ()
    {
        var one = new byte[200_000];
        var other = new byte[200_000];
        FileContent.Fill("a", 0, one);
        FileContent.Fill("b", 0, other);
        Assert.DoesNotContain((byte)0, one);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void A_file_read_in_pieces_is_the_file_read_at_once()
    {
        var whole = new byte[10_000_000];
        FileContent.Fill("name", 0, whole);
        var piece = new byte[1_234_567];
        FileContent.Fill("name", 5_000_000, piece);
        Assert.True(whole.AsSpan(5_000_000, piece.Length).SequenceEqual(piece));
    }

    [Fact]
    public void A_program_starts_with_the_waiting_one_only_where_that_fits()
    {
        Assert.Equal(PauseProgram.Bytes, ReadWhole(new ContentStream("sh", 5000, isProgram: true)).AsSpan(0, PauseProgram.Bytes.Length));
        Assert.NotEqual((byte)0x7F, ReadWhole(new ContentStream("sh", 50, isProgram: true))[0]);
        Assert.Equal(50, ReadWhole(new ContentStream("sh", 50, isProgram: true)).Length);
    }

    [Fact]
    public void A_layer_without_entries_is_the_empty_archive_that_docker_knows() =>
        Assert.Equal(ContentIds.EmptyArchive, ContentIds.Of(Write(new ImageLayer(Identity, 0, new LayerContentBuilder(_names).Build()))));

    private ImageLayer Layer(string diffId, long bytes)
    {
        LayerContentBuilder builder = new(_names);
        builder.Add("f", LayerEntryKind.File, bytes);
        return new ImageLayer(diffId, bytes, builder.Build());
    }

    private byte[] Write(ImageLayer layer)
    {
        using MemoryStream output = new();
        LayerTar.Write(layer, _names, output);
        return output.ToArray();
    }

    private static List<TarEntry> Entries(byte[] archive)
    {
        using TarReader reader = new(new MemoryStream(archive));
        List<TarEntry> entries = [];
        while (reader.GetNextEntry(copyData: true) is { } entry)
            entries.Add(entry);
        return entries;
    }

    private static string Shown(TarEntry entry) =>
        $"{entry.Name} {entry.EntryType} {entry.Length} {Convert.ToString((int)entry.Mode, 8).PadLeft(4, '0')} {entry.LinkName}";

    private static ushort Octal(string digits) => Convert.ToUInt16(digits, 8);

    private static byte[] ReadWhole(Stream stream)
    {
        using MemoryStream whole = new();
        stream.CopyTo(whole);
        return whole.ToArray();
    }
}
