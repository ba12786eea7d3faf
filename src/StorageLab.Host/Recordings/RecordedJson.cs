using System.Text.Encodings.Web;
using System.Text.Json;

namespace StorageLab.Host.Recordings;

/// <summary>How the JSON files of a recorded run are written.</summary>
internal static class RecordedJson
{
    public static JsonWriterOptions Options { get; } = new()
    {
        Indented = true,
        IndentSize = 1,
        NewLine = "\n",
        // Commands and paths are read by people, not shown in a browser.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
