using System.Buffers;
using System.Collections.Immutable;
using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using StorageLab.Model.Images;

namespace StorageLab.Host.Docker;

/// <summary>Makes the archives that <c>docker load</c> takes out of images of which only the listings are known.</summary>
/// <remarks>Layers that images share in the catalog are shared here too, since a layer's bytes come from its identity and its listing alone.
/// Source of the layout: image/tarexport/load.go.</remarks>
public sealed class ImageArchive(NameTable names)
{
    /// <summary>Label of everything that is made on a daemon, by which it is found again.</summary>
    public const string Label = "storagelab";

    /// <summary>Value of the label.</summary>
    public const string LabelValue = "measure";

    private static readonly DateTimeOffset UnknownDate = new(2024, 1, 1, 10, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, Digested> _layers = new(StringComparer.Ordinal);

    /// <summary>What an image is on a daemon once it is loaded.</summary>
    public LoadedImage Describe(ImageDefinition image)
    {
        ImmutableArray<string> diffIds = [.. image.Layers.Select(layer => Digest(layer).DiffId)];
        return new LoadedImage(ContentIds.Of(Configuration(image, diffIds)), diffIds);
    }

    /// <summary>The archive, made while it is read.</summary>
    public Stream Open(ImageDefinition image) => new ProducedStream(output => Write(image, output));

    private void Write(ImageDefinition image, Stream output)
    {
        LoadedImage loaded = Describe(image);
        using TarWriter tar = new(output, TarEntryFormat.Gnu, leaveOpen: true);
        List<string> layerFiles = [];
        for (var index = 0; index < image.Layers.Length; index++)
        {
            ImageLayer layer = image.Layers[index];
            layerFiles.Add(string.Create(CultureInfo.InvariantCulture, $"{index}/layer.tar"));
            using ProducedStream content = new(to => LayerTar.Write(layer, names, to), Digest(layer).LengthBytes);
            tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, layerFiles[index]) { DataStream = content });
        }

        string configFile = $"{ContentIds.Hex(loaded.ImageId)}.json";
        Add(tar, configFile, Configuration(image, loaded.DiffIds));
        Add(tar, "manifest.json", Json(json =>
        {
            json.WriteStartArray();
            json.WriteStartObject();
            json.WriteString("Config", configFile);
            WriteTexts(json, "RepoTags", [image.Tag]);
            WriteTexts(json, "Layers", layerFiles);
            json.WriteEndObject();
            json.WriteEndArray();
        }));
    }

    private static void Add(TarWriter tar, string name, byte[] content)
    {
        using MemoryStream data = new(content, writable: false);
        tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = data });
    }

    private Digested Digest(ImageLayer layer)
    {
        if (_layers.TryGetValue(layer.DiffId, out Digested? known))
            return known;
        using DigestStream digest = new();
        LayerTar.Write(layer, names, digest);
        return _layers[layer.DiffId] = new Digested(digest.Digest(), digest.Length);
    }

    /// <summary>The real configuration less what would need real files: a user is looked up in /etc/passwd, an entry point would be started.</summary>
    private static byte[] Configuration(ImageDefinition image, ImmutableArray<string> diffIds) => Json(json =>
    {
        ContainerConfiguration known = image.Configuration.Configuration;
        string created = (image.Configuration.Created.IsNever ? UnknownDate.ToString("O") : image.Configuration.Created.ToString())!;
        json.WriteStartObject();
        json.WriteString("architecture", "amd64");
        json.WriteString("os", "linux");
        json.WriteString("created", created);
        json.WriteStartObject("config");
        WriteTexts(json, "Cmd", [DockerEngine.DefaultProgram]);
        WriteTexts(json, "Env", known.Environment ?? ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]);
        if (known.WorkingDirectory.Length > 0)
            json.WriteString("WorkingDir", known.WorkingDirectory);
        if (known.Volumes is { Count: > 0 } volumes)
        {
            json.WriteStartObject("Volumes");
            foreach (string volume in volumes)
            {
                json.WriteStartObject(volume);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteStartObject("Labels");
        json.WriteString(Label, LabelValue);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("rootfs");
        json.WriteString("type", "layers");
        WriteTexts(json, "diff_ids", diffIds);
        json.WriteEndObject();
        json.WriteStartArray("history");
        for (var index = 0; index < diffIds.Length; index++)
        {
            json.WriteStartObject();
            json.WriteString("created", created);
            // Images of the same layers, such as a tag that was built again, stay different images by their names.
            json.WriteString("created_by", $"{image.Key} layer {index.ToString(CultureInfo.InvariantCulture)}");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
            write(json);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private sealed record Digested(string DiffId, long LengthBytes);

    /// <summary>Keeps nothing of what is written but its digest and length.</summary>
    private sealed class DigestStream : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long _lengthBytes;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _lengthBytes;

        public override long Position
        {
            get => _lengthBytes;
            set => throw new NotSupportedException();
        }

        public string Digest() => ContentIds.Prefix + Convert.ToHexStringLower(_hash.GetHashAndReset());

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _hash.AppendData(buffer);
            _lengthBytes += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
