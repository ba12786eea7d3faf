using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CsCheck;
using StorageLab.Scenarios.Traces;
using Xunit;

namespace StorageLab.Scenarios.Tests.Traces;

public sealed class JsonObjectsTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":2}\n")]
    [InlineData("[{\"a\":1},{\"a\":2}]")]
    [InlineData("[\n{\"a\":1},\n{\"a\":2}\n]\n")]
    [InlineData("\uFEFF[\r\n  {\r\n    \"a\": 1\r\n  },\r\n  {\r\n    \"a\": 2\r\n  }\r\n]\r\n")]
    [InlineData("{\"a\":1}{\"a\":2}")]
    public void Objects_come_one_by_one_however_the_file_is_laid_out(string text) => Assert.Equal([1, 2], Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_compressed_file_is_read_like_a_plain_one()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write("{\"a\":7}\n"u8);
        Assert.Equal([7], Read(packed.ToArray()));
    }

    [Fact]
    public void Objects_that_span_the_buffer_are_whole()
    {
        string padding = new('x', 1000);
        string text = string.Concat(Enumerable.Range(0, 2000).Select(index => $"{{\"p\":\"{padding}{{}}\\\"\\\\\",\n\"a\":{index}}}\n"));
        Assert.Equal(Enumerable.Range(0, 2000), Read(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Whatever_the_texts_hold_they_come_back() => Gen.Select(Gen.String[0, 20].Array[0, 8], Gen.Bool).Sample((texts, isIndented) =>
    {
        JsonSerializerOptions options = new() { WriteIndented = isIndented };
        string file = string.Join(isIndented ? ",\n" : "\n", texts.Select(text => JsonSerializer.Serialize(new Dictionary<string, string> { ["t"] = text }, options)));
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, file);
            using JsonObjects objects = new(path, oneALine: !isIndented);
            List<string> read = [];
            while (objects.TryRead(out ReadOnlySpan<byte> json))
                read.Add(JsonSerializer.Deserialize<Dictionary<string, string>>(json)!["t"]);
            // What is no valid text does not survive UTF-8, here as anywhere.
            Assert.Equal(texts.Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))), read);
        }
        finally
        {
            File.Delete(path);
        }
    });

    [Fact]
    public void Any_bytes_end_or_are_refused_with_their_line() => Gen.OneOf(Gen.Byte.Array[0, 40], Gen.Int[0, 9].Array[0, 40].Select(picks => Encoding.UTF8.GetBytes(string.Concat(picks.Select(pick => "{}[],\"\\\n a"[pick])))))
        .Sample(bytes =>
        {
            string path = Path.GetTempFileName();
            try
            {
                File.WriteAllBytes(path, bytes);
                foreach (bool oneALine in (bool[])[true, false])
                {
                    try
                    {
                        using JsonObjects objects = new(path, oneALine);
                        while (objects.TryRead(out ReadOnlySpan<byte> json))
                        {
                            _ = DockerEvent.Read(json, out _);
                            _ = RegistryRequest.Read(json, new char[512], out _);
                        }
                    }
                    catch (InputException e)
                    {
                        Assert.DoesNotContain('\n', e.Message);
                    }
                }
            }
            finally
            {
                File.Delete(path);
            }
        });

    private List<int> Read(byte[] content)
    {
        File.WriteAllBytes(_path, content);
        using JsonObjects objects = new(_path, oneALine: false);
        List<int> numbers = [];
        while (objects.TryRead(out ReadOnlySpan<byte> json))
        {
            using JsonDocument document = JsonDocument.Parse(json.ToArray());
            numbers.Add(document.RootElement.GetProperty("a").GetInt32());
        }

        return numbers;
    }
}
