using System.IO.Compression;
using System.Text.RegularExpressions;
using StorageLab.Model.Measurement;

namespace StorageLab.Scenarios.Recorded;

/// <summary>Finds when a recorded daemon started: in the first line of its log.</summary>
internal static partial class RecordedDate
{
    private const string Log = "dockerd.log.gz";

    /// <returns>Null where the run has no log, or the log no time.</returns>
    public static Timestamp? Find(string folder)
    {
        string path = Path.Combine(folder, Log);
        if (!File.Exists(path))
            return null;
        try
        {
            using GZipStream unpacked = new(File.OpenRead(path), CompressionMode.Decompress);
            using StreamReader reader = new(unpacked);
            Match match = Time().Match(reader.ReadLine() ?? "");
            return match.Success && Timestamp.TryParse(match.Groups[1].Value, out Timestamp startedAt) ? startedAt : null;
        }
        catch (InvalidDataException)
        {
            throw new InputException(path, "is damaged: it does not unpack");
        }
        catch (IOException e)
        {
            throw new InputException(path, $"cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    [GeneratedRegex("^time=\"([^\"]{1,40})\"")]
    private static partial Regex Time();
}
