using System.Buffers.Binary;
using System.Formats.Tar;
using System.Text;
using CsCheck;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Scenarios.Tests;

public sealed class ArchiveImageTests : IDisposable
{
    private static readonly byte[] Base = TarText.Tar(
        TarText.Directory("etc/"), TarText.File("etc/passwd", "root"), TarText.File("./etc/group", "wheel:x"),
        TarText.Symlink("bin", "usr/bin"), TarText.File("usr/bin/sh", "#!"), TarText.HardLink("usr/bin/bash", "usr/bin/sh"));

    private static readonly byte[] Top = TarText.Tar(
        TarText.Directory("etc"), TarText.File("etc/.wh.group", ""), TarText.Directory("var/lib"), TarText.File("var/lib/.wh..wh..opq", ""),
        TarText.File("var/lib/.wh..wh.plnk", ""), TarText.HardLink("usr/bin/dash", "/usr/bin/sh"), TarText.File("a/b/../c", "12345"));

    private readonly string _folder = Directory.CreateTempSubdirectory("storagelab").FullName;
    private readonly NameTable _names = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    private ImageDefinition[] Read(string name, byte[] content) => [.. ArchiveImageReader.Read(Write(name, content), _names)];

    private string ProblemOf(string name, byte[] content)
    {
        string path = Write(name, content);
        InputException e = Assert.Throws<InputException>(() => ArchiveImageReader.Read(path, _names));
        return Assert.Single(e.Problems).ToString().Replace(path, name, StringComparison.Ordinal);
    }

    private string[] Entries(ImageLayer layer)
    {
        LayerEntry[] entries = layer.Content.Entries.ToArray();
        string PathOf(int index) => index < 0 ? "" : PathOf(entries[index].ParentIndex) + "/" + _names.NameOf(entries[index].Name);
        string LinkOf(LayerEntry entry) => entry.Kind switch
        {
            LayerEntryKind.HardLink => " -> " + PathOf(entry.LinkIndex),
            LayerEntryKind.Symlink => " -> " + _names.TextOf(new LinkTarget(entry.LinkIndex, (int)entry.SizeBytes)),
            _ => "",
        };
        return [.. entries.Select(entry => entry.Kind == LayerEntryKind.OpaqueMarker
            ? $"OpaqueMarker {PathOf(entry.ParentIndex)}"
            : $"{entry.Kind} {PathOf(entry.ParentIndex)}/{_names.NameOf(entry.Name)} {entry.SizeBytes}{LinkOf(entry)}")];
    }

    private void AssertIsTheExample(ImageDefinition image)
    {
        Assert.Equal(
            [
                "Directory /etc 0", "File /etc/passwd 4", "File /etc/group 7", "Symlink /bin 7 -> usr/bin", "Implied /usr 0", "Implied /usr/bin 0",
                "File /usr/bin/sh 2", "HardLink /usr/bin/bash 0 -> /usr/bin/sh",
            ],
            Entries(image.Layers[0]));
        Assert.Equal(
            [
                "Directory /etc 0", "Whiteout /etc/group 0", "Implied /var 0", "Directory /var/lib 0", "OpaqueMarker /var/lib", "Implied /usr 0",
                "Implied /usr/bin 0", "Implied /usr/bin/sh 0", "HardLink /usr/bin/dash 0 -> /usr/bin/sh", "Implied /a 0", "File /a/c 5",
            ],
            Entries(image.Layers[1]));
        Assert.Equal(TarText.Sha256(Base), image.Layers[0].DiffId);
        Assert.Equal(TarText.Sha256(Top), image.Layers[1].DiffId);
        Assert.Equal(TarText.Sha256(TarText.Configuration(Base, Top)), image.ImageId);
    }

    [Fact]
    public void An_archive_of_docker_save_is_read_with_its_links_whiteouts_and_opaque_directories()
    {
        ImageDefinition[] images = Read("app.tar", TarText.DockerArchive(["docker.io/library/app:1", "shop/app:latest"], Base, Top));

        Assert.Equal(["app:1", "shop/app:latest"], images.Select(image => image.Tag));
        AssertIsTheExample(images[0]);
        Assert.Equal(Base.Length, images[0].Layers[0].CompressedBytes);
        Assert.Equal(11 + 2, images[0].Layers[0].Content.FileBytes);
    }

    [Fact]
    public void An_archive_packed_with_gzip_or_zstd_is_the_same_image()
    {
        byte[] archive = TarText.DockerArchive(["app:1"], Base, Top);

        AssertIsTheExample(Assert.Single(Read("app.tar.gz", TarText.Gzip(archive))));
        AssertIsTheExample(Assert.Single(Read("app.tar.zst", TarText.Zstd(archive))));
    }

    [Fact]
    public void An_image_without_a_tag_gets_the_files_name() =>
        Assert.Equal("my-app:latest", Assert.Single(Read("My App.v2.tar", TarText.DockerArchive([], Base))).Tag);

    public static TheoryData<string> Packings => ["plain", "gzip", "zstd"];

    private static byte[] Pack(string packing, byte[] content) => packing switch
    {
        "gzip" => TarText.Gzip(content),
        "zstd" => TarText.Zstd(content),
        _ => content,
    };

    [Theory]
    [MemberData(nameof(Packings))]
    public void An_OCI_layout_is_read_from_a_tar_and_from_a_folder(string packing)
    {
        Dictionary<string, byte[]> files = TarText.OciFiles("1.4", [Base, Top], tar => Pack(packing, tar));
        foreach ((string name, byte[] content) in files)
            Write($"app-oci/{name}", content);

        ImageDefinition fromTar = Assert.Single(Read("app-oci.tar", TarText.Tar(files)));
        ImageDefinition fromFolder = Assert.Single(ArchiveImageReader.Read(Path.Combine(_folder, "app-oci"), _names));

        Assert.Equal("app-oci:1.4", fromTar.Tag);
        AssertIsTheExample(fromTar);
        AssertIsTheExample(fromFolder);
        Assert.Equal(Pack(packing, Base).Length, fromTar.Layers[0].CompressedBytes);
    }

    [Fact]
    public void A_layer_that_is_a_link_to_another_is_followed()
    {
        byte[] configuration = TarText.Configuration(Base, Base);
        byte[] archive = TarText.Tar(new[]
        {
            (new TarText.Entry("a/layer.tar", TarEntryType.RegularFile), Base),
            (TarText.Symlink("b/layer.tar", "../a/layer.tar"), Array.Empty<byte>()),
            (new TarText.Entry("config.json", TarEntryType.RegularFile), configuration),
            (new TarText.Entry("manifest.json", TarEntryType.RegularFile),
                Encoding.UTF8.GetBytes("""[{"Config":"config.json","RepoTags":["app:1"],"Layers":["a/layer.tar","b/layer.tar"]}]""")),
        });

        Assert.Equal(2, Assert.Single(Read("app.tar", archive)).Layers.Length);
    }

    public static TheoryData<string, byte[], string> HostileLayers => new()
    {
        { "climbs", TarText.Tar(TarText.File("../../etc/passwd", "x")), "entry '../../etc/passwd' leads out of the layer, or is longer than Linux takes" },
        { "links out", TarText.Tar(TarText.HardLink("a", "../../etc/passwd")), "hard link 'a' leads out of the layer: '../../etc/passwd'" },
        { "links itself", TarText.Tar(TarText.HardLink("a", "./a")), "hard link 'a' names itself" },
        { "links in a circle", TarText.Tar(TarText.HardLink("a", "b"), TarText.HardLink("b", "a")), "entry 'b': its hard links lead round in a circle" },
        { "links in a long circle", TarText.Tar(TarText.HardLink("a", "b"), TarText.HardLink("c", "a"), TarText.HardLink("b", "c")), "entry 'b': its hard links lead round in a circle" },
        { "sparse", TarText.Sparse("holes"), "entry 'holes' is a sparse file in GNU tar's own form, which no layer holds" },
        { "hides nothing", TarText.Tar(TarText.File("a/.wh.", "")), "whiteout 'a/.wh.' hides no name" },
        { "long path", TarText.Tar(TarText.File(string.Concat(Enumerable.Repeat("d/", 3000)) + "f", "")), $"entry '{string.Concat(Enumerable.Repeat("d/", 38))}d...' leads out of the layer, or is longer than Linux takes" },
        { "long name", TarText.Tar(TarText.File(new string('x', 300), "")), $"entry '{new string('x', 77)}...': not a file name: '{new string('x', 60)}..." },
    };

    [Theory]
    [MemberData(nameof(HostileLayers))]
    public void A_hostile_layer_is_refused_in_one_line(string name, byte[] layer, string problem)
    {
        string found = ProblemOf("app.tar", TarText.DockerArchive(["app:1"], layer));

        Assert.NotEmpty(name);
        Assert.StartsWith("app.tar: layer layer0/layer.tar " + problem.Split("': not")[0], found, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', found);
    }

    [Fact]
    public void Links_in_a_loop_are_refused()
    {
        byte[] archive = TarText.Tar(TarText.Symlink("manifest.json", "index.json"), TarText.Symlink("index.json", "manifest.json"));
        Assert.Equal("app.tar: 'index.json' is a link in a loop", ProblemOf("app.tar", archive));
    }

    [Fact]
    public void A_layer_that_is_not_what_the_configuration_says_is_refused()
    {
        byte[] archive = TarText.DockerArchive(["app:1"], Base);
        int at = archive.AsSpan().IndexOf("root"u8);
        archive[at] ^= 1;
        string found = ProblemOf("app.tar", archive);
        Assert.StartsWith("app.tar: layer layer0/layer.tar has diff ID sha256:", found, StringComparison.Ordinal);
        Assert.EndsWith($"; the configuration says {TarText.Sha256(Base)}", found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_blob_that_is_not_what_it_is_named_by_is_refused()
    {
        Dictionary<string, byte[]> files = TarText.OciFiles("1", [Base], TarText.Gzip);
        string blob = $"blobs/sha256/{TarText.Sha256(TarText.Gzip(Base))[7..]}";
        files[blob] = TarText.Gzip(Top);
        string digest = TarText.Sha256(TarText.Gzip(Top));
        Assert.Equal($"app.tar: layer {blob} has digest {digest}, not the one it is named by", ProblemOf("app.tar", TarText.Tar(files)));
    }

    [Theory]
    [InlineData("", "app.tar: has neither manifest.json (docker save -o app.tar NAME) nor index.json (an OCI layout)")]
    [InlineData("[", "app.tar: manifest.json is not JSON, at line 1, byte 2")]
    [InlineData("{}", "app.tar: manifest.json is not a list of 1 to 1000 images")]
    [InlineData("[{}]", "app.tar: manifest.json has an image without Config or Layers")]
    [InlineData("[{\"Config\":\"../../etc/passwd\",\"Layers\":[]}]", "app.tar: path '../../etc/passwd' leads out of the archive")]
    [InlineData("[{\"Config\":\"c.json\",\"Layers\":[]}]", "app.tar: c.json is missing")]
    public void A_bad_manifest_is_refused(string manifest, string problem) =>
        Assert.Equal(problem, ProblemOf("app.tar", manifest.Length == 0 ? TarText.Tar(TarText.File("x", "y")) : TarText.Tar(TarText.File("manifest.json", manifest))));

    [Fact]
    public void More_layers_than_Docker_takes_are_refused_with_its_words()
    {
        byte[][] layers = [.. Enumerable.Range(0, 126).Select(i => TarText.Tar(TarText.File($"f{i}", "")))];
        Assert.Equal("app.tar: max depth exceeded: an image has at most 125 layers, this one has 126", ProblemOf("app.tar", TarText.DockerArchive(["app:1"], layers)));
    }

    [Fact]
    public void A_gzip_bomb_is_stopped_at_a_gibibyte()
    {
        // A gibibyte of zeros is a megabyte of gzip.
        byte[] header = TarText.Tar(TarText.File("zeros", "x"))[..1536];
        using MemoryStream bomb = new();
        using (System.IO.Compression.GZipStream gzip = new(bomb, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] zeros = new byte[1 << 20];
            gzip.Write(header);
            for (var mebibyte = 0; mebibyte < 1100; mebibyte++)
                gzip.Write(zeros);
        }

        Dictionary<string, byte[]> files = TarText.OciFiles("1", [bomb.ToArray()], packed => packed);
        Assert.Contains("unpacks to more than 1073741824 bytes, which no real layer of its size does", ProblemOf("bomb.tar", TarText.Tar(files)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_of_a_gigabyte_is_refused_before_it_takes_memory()
    {
        byte[] layer = TarText.Tar(TarText.File(new string('n', 120), "x"));
        // The pax header's size field, in octal, says 2^30.
        Encoding.ASCII.GetBytes("10000000000\0").CopyTo(layer.AsSpan(124));
        FixChecksum(layer.AsSpan(0, 512));
        long before = GC.GetTotalAllocatedBytes(precise: true);
        string problem = ProblemOf("app.tar", TarText.DockerArchive(["app:1"], layer));
        Assert.Contains("a header claims 1073741824 bytes for a name; at most 1048576 are read", problem, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 2_000_000_000);
    }

    [Fact]
    public void Every_truncation_of_an_archive_is_an_input_problem_or_an_image()
    {
        byte[] archive = TarText.DockerArchive(["app:1"], Base, Top);
        for (var length = 0; length < archive.Length; length += 257)
            ReadOrRefuse("cut.tar", archive[..length]);
    }

    [Theory]
    [MemberData(nameof(Packings))]
    public void Every_damage_to_an_archive_is_an_input_problem_or_an_image(string packing)
    {
        byte[] docker = TarText.DockerArchive(["app:1"], Base, Top);
        byte[] oci = TarText.Tar(TarText.OciFiles("1", [Base, Top], tar => Pack(packing, tar)));
        Gen.Select(Gen.Bool, Gen.Int[0, int.MaxValue], Gen.Select(Gen.Int[0, int.MaxValue], Gen.Byte).Array[1, 8]).Sample((isOci, cut, flips) =>
        {
            byte[] archive = [.. isOci ? oci : Pack(packing, docker)];
            foreach ((int at, byte value) in flips)
                archive[at % archive.Length] = value;
            if (cut % 4 == 0)
                archive = archive[..(cut / 4 % archive.Length)];
            ReadOrRefuse("damaged.tar", archive);
        }, iter: 400, threads: 1);
    }

    private void ReadOrRefuse(string name, byte[] content)
    {
        string path = Write(name, content);
        try
        {
            Assert.NotEmpty(ArchiveImageReader.Read(path, _names));
        }
        catch (InputException e)
        {
            Assert.All(e.Problems, problem => Assert.DoesNotContain('\n', problem.ToString()));
        }
    }

    private static void FixChecksum(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (byte b in header)
            sum += b;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
        Assert.True(BinaryPrimitives.ReadInt16BigEndian(header) != 0);
    }
}
