using System.Text;

namespace StorageLab.Scenarios;

/// <summary>Reads small text files and says in one line why one cannot be read.</summary>
public static class InputFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="InputException">The file is missing, a folder, not readable or far too large for a text that people
    /// write.</exception>
    public static string ReadText(string path) => Read(path, text => File.ReadAllText(text, Utf8));

    /// <summary>As <see cref="ReadText"/>, for a file whose digest counts.</summary>
    public static byte[] ReadBytes(string path) => Read(path, File.ReadAllBytes);

    private static T Read<T>(string path, Func<string, T> read)
    {
        try
        {
            if (Directory.Exists(path))
                throw new InputException(path, "is a folder; give a file");
            FileInfo file = new(path);
            if (file.Exists && file.Length > Yaml.YamlTreeReader.LengthMax)
                throw new InputException(path, $"has {file.Length} bytes; a text file here has at most {Yaml.YamlTreeReader.LengthMax}");
            return read(path);
        }
        catch (DecoderFallbackException)
        {
            throw new InputException(path, "is not a text: it holds bytes that are not UTF-8");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(path, $"cannot be read: {e.Message.TrimEnd('.')}");
        }
    }
}
