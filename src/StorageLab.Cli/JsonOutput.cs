using System.Text.Encodings.Web;
using System.Text.Json;

namespace StorageLab.Cli;

/// <summary>JSON on the standard output.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        // Names are shown in terminals and editors, not inside HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes one document and ends its line.</summary>
    public static void Print(Action<Utf8JsonWriter> write)
    {
        using Stream output = Console.OpenStandardOutput();
        using (Utf8JsonWriter json = new(output, Options))
            write(json);
        output.WriteByte((byte)'\n');
    }
}
