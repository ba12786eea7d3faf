using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace StorageLab.Scenarios.Tests;

/// <summary>Makes tars and image archives in memory.</summary>
internal static class TarText
{
    public sealed record Entry(string Path, TarEntryType Type, string Text = "", string Link = "");

    public static Entry File(string path, string text) => new(path, TarEntryType.RegularFile, text);

    public static Entry Directory(string path) => new(path, TarEntryType.Directory);

    public static Entry Symlink(string path, string target) => new(path, TarEntryType.SymbolicLink, Link: target);

    public static Entry HardLink(string path, string target) => new(path, TarEntryType.HardLink, Link: target);

    public static byte[] Tar(params IEnumerable<Entry> entries) =>
        Tar(entries.Select(entry => (entry, Encoding.UTF8.GetBytes(entry.Text))));

    public static byte[] Tar(IEnumerable<(Entry Entry, byte[] Content)> entries)
    {
        using MemoryStream bytes = new();
        using (TarWriter writer = new(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach ((Entry entry, byte[] content) in entries)
            {
                PaxTarEntry tarEntry = new(entry.Type, entry.Path) { ModificationTime = DateTimeOffset.UnixEpoch };
                if (entry.Link.Length > 0)
                    tarEntry.LinkName = entry.Link;
                if (content.Length > 0)
                    tarEntry.DataStream = new MemoryStream(content);
                writer.WriteEntry(tarEntry);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>A tar with one file whose holes GNU tar has left out.</summary>
    public static byte[] Sparse(string path)
    {
        using MemoryStream bytes = new();
        using (TarWriter writer = new(bytes, TarEntryFormat.Pax, leaveOpen: true))
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path, [new("GNU.sparse.major", "1"), new("GNU.sparse.realsize", "9223372036854775807")]));
        return bytes.ToArray();
    }

    public static byte[] Gzip(byte[] content)
    {
        using MemoryStream bytes = new();
        using (GZipStream gzip = new(bytes, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(content);
        return bytes.ToArray();
    }

    public static byte[] Zstd(byte[] content)
    {
        using ZstdSharp.Compressor compressor = new(3);
        return compressor.Wrap(content).ToArray();
    }

    public static string Sha256(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    public static byte[] Configuration(params IEnumerable<byte[]> layers) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        architecture = "amd64",
        os = "linux",
        rootfs = new { type = "layers", diff_ids = layers.Select(Sha256) },
    });

    /// <summary>docker save as it was before version 25.</summary>
    public static byte[] DockerArchive(string[] tags, params byte[][] layers)
    {
        byte[] configuration = Configuration(layers);
        string configName = Sha256(configuration)[7..] + ".json";
        byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(new[]
        {
            new { Config = configName, RepoTags = tags, Layers = layers.Select((_, index) => $"layer{index}/layer.tar") },
        });
        return Tar(layers.Select((layer, index) => (new Entry($"layer{index}/layer.tar", TarEntryType.RegularFile), layer))
            .Append((new Entry(configName, TarEntryType.RegularFile), configuration))
            .Append((new Entry("manifest.json", TarEntryType.RegularFile), manifest)));
    }

    /// <summary>The files of an OCI layout, layers packed as given.</summary>
    public static Dictionary<string, byte[]> OciFiles(string refName, byte[][] tars, Func<byte[], byte[]> pack)
    {
        Dictionary<string, byte[]> files = new() { ["oci-layout"] = Encoding.UTF8.GetBytes("{\"imageLayoutVersion\":\"1.0.0\"}") };
        object Blob(byte[] content)
        {
            files[$"blobs/sha256/{Sha256(content)[7..]}"] = content;
            return new { mediaType = "application/octet-stream", digest = Sha256(content), size = content.Length };
        }

        byte[] manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            config = Blob(Configuration(tars)),
            layers = tars.Select(tar => Blob(pack(tar))).ToArray(),
        });
        Blob(manifest);
        files["index.json"] = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            manifests = new[]
            {
                new
                {
                    digest = Sha256(manifest),
                    size = manifest.Length,
                    platform = new { os = "linux", architecture = "amd64" },
                    annotations = new Dictionary<string, string> { ["org.opencontainers.image.ref.name"] = refName },
                },
            },
        });
        return files;
    }

    public static byte[] Tar(Dictionary<string, byte[]> files) =>
        Tar(files.Select(file => (new Entry(file.Key, TarEntryType.RegularFile), file.Value)));
}
