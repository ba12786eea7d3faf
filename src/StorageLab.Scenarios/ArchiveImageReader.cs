using System.Collections.Immutable;
using System.Text.Json;
using StorageLab.Model.Images;
using StorageLab.Scenarios.Archives;
using ZstdSharp;

namespace StorageLab.Scenarios;

/// <summary>Reads a user's own images: <c>docker save</c> archives and OCI image layouts, as a tar (plain, gzip or zstd) or a
/// folder.</summary>
/// <remarks>Layers are streamed: memory depends on the number of their entries, not on their size. Diff IDs are computed and must match
/// the image's
/// configuration, blobs their digests. A compressed archive is unpacked to a temporary file first, because its parts are read out of order.
/// <see cref="ImageLayer.CompressedBytes"/> is the size the archive holds the layer in, which for docker save is uncompressed.</remarks>
public static class ArchiveImageReader
{
    /// <summary>Reads all images of an archive, one definition per tag; an image without one gets the file's name as
    /// <c>name:latest</c>.</summary>
    /// <exception cref="InputException">The archive is missing, truncated, hostile or not an image archive.</exception>
    public static ImmutableArray<ImageDefinition> Read(string path, NameTable names)
    {
        try
        {
            using IArchiveSource source = Open(path);
            return ReadImages(source, names, NameOf(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file or folder");
        }
        catch (Exception e) when (IsBadInput(e))
        {
            throw new InputException(path, Reason(e));
        }
    }

    /// <summary>Reads a tar of files (plain, gzip or zstd) as one layer.</summary>
    /// <exception cref="InputException">It is missing, truncated or hostile.</exception>
    public static ImageLayer ReadLayer(string path, NameTable names)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            return new LayerTarReader(names).Read(file).Layer;
        }
        catch (Exception e) when (IsBadInput(e))
        {
            throw new InputException(path, Reason(e));
        }
    }

    /// <summary>Whether an exception says that the input is bad, rather than the program.</summary>
    internal static bool IsBadInput(Exception e) =>
        e is ArchiveException or IOException or InvalidDataException or FormatException or JsonException or ZstdException or UnauthorizedAccessException;

    internal static string Reason(Exception e) => e switch
    {
        ArchiveException => LayerLimits.ShownLine(e.Message),
        EndOfStreamException => "is truncated: the tar ends inside an entry",
        ZstdException => "is damaged: its zstd stream does not unpack",
        UnauthorizedAccessException => "may not be read",
        _ => $"is damaged: {LayerLimits.Shown(e.Message.TrimEnd('.'))}",
    };

    private static ImmutableArray<ImageDefinition> ReadImages(IArchiveSource source, NameTable names, string fallbackName)
    {
        ImageAssembler assembler = new(source, names);
        using JsonDocument? manifest = assembler.TryReadJson(DockerArchive.ManifestName, out _);
        if (manifest is not null)
            return DockerArchive.Read(assembler, manifest.RootElement, $"{fallbackName}:latest");
        using JsonDocument? index = assembler.TryReadJson(OciLayout.IndexName, out _);
        if (index is not null)
            return new OciLayout(assembler, fallbackName).Read(index.RootElement);
        throw new ArchiveException("has neither manifest.json (docker save -o app.tar NAME) nor index.json (an OCI layout)");
    }

    private static IArchiveSource Open(string path)
    {
        if (Directory.Exists(path))
            return new FolderSource(path);
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        try
        {
            using Stream? unpacked = Compression.TryOpen(file);
            if (unpacked is null)
                return new TarSource(file);
            FileStream temporary = Unpack(unpacked, file.Length);
            file.Dispose();
            file = temporary;
            return new TarSource(temporary);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static FileStream Unpack(Stream unpacked, long packedBytes)
    {
        FileStream temporary = new(Path.GetTempFileName(), new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 1 << 16,
        });
        try
        {
            new MeasuredStream(unpacked, Compression.UnpackedBytesMax(packedBytes), null).CopyTo(temporary);
            temporary.Flush();
            return temporary;
        }
        catch
        {
            temporary.Dispose();
            throw;
        }
    }

    // A file's name as the name of an image: my App.tar.gz becomes my-app.
    private static string NameOf(string path)
    {
        string stem = Path.GetFileName(Path.TrimEndingDirectorySeparator(path)).Split('.')[0].ToLowerInvariant();
        string words = string.Concat(stem.Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' '));
        string name = string.Join('-', words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return name.Length is > 0 and <= 100 ? name : "image";
    }
}
