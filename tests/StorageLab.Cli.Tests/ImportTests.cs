using System.Globalization;
using Xunit;

namespace StorageLab.Cli.Tests;

public sealed class ImportTests : IDisposable
{
    private readonly Storagelab _storagelab = new();

    public void Dispose() => _storagelab.Dispose();

    [Fact]
    public void A_hosts_events_become_steps()
    {
        _storagelab.Write("e.jsonl", string.Join('\n',
            Image("pull", "busybox:1.35", "busybox"),
            Container("create", "c1", "busybox:1.35", "web"),
            Container("start", "c1", "busybox:1.35", "web"),
            """{"Type":"network","Action":"connect","Actor":{"ID":"n","Attributes":{"name":"bridge"}},"time":1}""",
            Container("die", "c1", "busybox:1.35", "web"),
            Container("destroy", "c1", "busybox:1.35", "web"),
            Image("untag", "sha256:1234567890abcdef", "sha256:1234567890abcdef"),
            Image("delete", "sha256:1234567890abcdef", "sha256:1234567890abcdef")) + "\n");
        Storagelab.Result result = _storagelab.Run("import", "docker-events", "e.jsonl", "--driver", "overlay2", "--plain");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("e.jsonl: 8 events: 6 steps, 2 events left out", result.Error, StringComparison.Ordinal);
        Assert.Equal(["daemon-start", "pull", "create", "start", "stop", "rm", "rmi"], Operations("e"));
        Assert.Equal(Enumerable.Repeat("ok", 7), Column("e", "result"));
    }

    [Fact]
    public void Sizes_that_nobody_knows_are_asked_for_in_one_line()
    {
        _storagelab.Write("e.jsonl", Image("pull", "our/b:2", "our/b") + "\n" + Image("pull", "our/a", "our/a") + "\n" + Image("pull", "nginx:1.22", "nginx") + "\n");
        Storagelab.Result result = _storagelab.Run("import", "docker-events", "e.jsonl");
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(
            "storagelab: e.jsonl: the sizes of 2 images are not known; give each with --size NAME=SIZE, or all with --default-size SIZE: our/a:latest, our/b:2",
            Assert.Single(result.ErrorLines));
        result = _storagelab.Run("import", "docker-events", "e.jsonl", "--size", "our/a:latest=10MiB", "--default-size", "20MiB", "--driver", "overlay2", "--quiet");
        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
        Assert.Equal((10 + 20) << 20, Live("e", 2) - Live("e", 0));
    }

    [Theory]
    [InlineData("{\"Type\":\"image\",\"Action\":\"pull\"", "e.jsonl:2:1: the object does not end")]
    [InlineData("nonsense", "e.jsonl:2:1: a JSON object has to stand here")]
    [InlineData("{\"a\":1}", "e.jsonl:2:1: this is no line of docker events --format '{{json .}}': Type and Action are missing")]
    [InlineData("{\"Type\":1,\"Action\":\"pull\"}", "e.jsonl:2:1: Type, Action, id and names have to be texts")]
    [InlineData("{\"Type\":\"image\",}", "e.jsonl:2:1: the line is no JSON that can be read")]
    public void A_malformed_line_is_said_with_its_number(string line, string message)
    {
        _storagelab.Write("e.jsonl", Image("pull", "busybox:1.35", "busybox") + "\n" + line);
        Storagelab.Result result = _storagelab.Run("import", "docker-events", "e.jsonl", "--out", "o");
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("storagelab: " + message, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_storagelab.Folder, "o")));
    }

    [Fact]
    public void A_registrys_log_becomes_pulls_of_images_with_the_sizes_it_tells()
    {
        _storagelab.Write("t.json", "[\n" + string.Join(",\n",
            Request("GET", "v2/4715bf83/3ba542a7/manifests/latest", 1158),
            Request("GET", "v2/4715bf83/3ba542a7/blobs/sha256:c1", 1500),
            Request("GET", "v2/4715bf83/3ba542a7/blobs/sha256:a1", 10 << 20),
            Request("GET", "v2/4715bf83/3ba542a7/blobs/sha256:a2", 1 << 20),
            Request("HEAD", "v2/4715bf83/3ba542a7/manifests/latest", 0),
            Request("GET", "v2/other/app/manifests/1", 1158),
            Request("GET", "v2/other/app/blobs/sha256:c2", 1500),
            Request("GET", "v2/other/app/blobs/sha256:a1", 10 << 20),
            Request("GET", "v2/4715bf83/3ba542a7/manifests/latest", 1158)) + "\n]\n");
        Storagelab.Result result = _storagelab.Run("import", "registry-trace", "t.json", "--driver", "overlay2", "--plain");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("t.json: 3 pulls of 2 images of 4 blobs; 1 other requests left out", result.Error, StringComparison.Ordinal);
        Assert.Equal(["daemon-start", "pull", "pull", "pull"], Operations("t"));
        // The second image has the first's lower layer, and the third pull finds everything.
        Assert.Equal([0, 2, 2, 2], Column("t", "layers").Select(text => int.Parse(text, CultureInfo.InvariantCulture)));
        Assert.InRange(Live("t", 1), 20L << 20, 60L << 20);
    }

    [Theory]
    [InlineData("{\"http.request.uri\":\"v2/a/manifests/b\",\"http.response.status\":200}", "t.json:2:1: http.request.method is missing")]
    [InlineData("{\"http.request.method\":\"GET\",\"http.request.uri\":\"v2/a/manifests/b\",\"http.response.status\":\"ok\"}", "t.json:2:1: the object is no JSON that can be read")]
    [InlineData("{\"http.request.method\":\"GET\",\"http.request.uri\":\"v2/a/manifests/b\",\"http.response.status\":200,\"http.response.written\":-1}", "t.json:2:1: http.response.written has to be a number of bytes")]
    [InlineData("GET v2/a/manifests/b", "t.json:2:1: a JSON object has to stand here")]
    public void A_malformed_request_is_said_with_its_line(string line, string message)
    {
        _storagelab.Write("t.json", "[\n" + line + "\n]\n");
        Storagelab.Result result = _storagelab.Run("import", "registry-trace", "t.json");
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("storagelab: " + message, Assert.Single(result.ErrorLines));
    }

    private static string Image(string action, string id, string name) =>
        $$$"""{"status":"{{{action}}}","id":"{{{id}}}","Type":"image","Action":"{{{action}}}","Actor":{"ID":"{{{id}}}","Attributes":{"name":"{{{name}}}"}},"scope":"local","time":1700000000,"timeNano":1700000000000000000}""";

    private static string Container(string action, string id, string image, string name) =>
        $$$"""{"status":"{{{action}}}","id":"{{{id}}}","from":"{{{image}}}","Type":"container","Action":"{{{action}}}","Actor":{"ID":"{{{id}}}","Attributes":{"image":"{{{image}}}","name":"{{{name}}}"}},"scope":"local","time":1700000000,"timeNano":1700000000000000000}""";

    private static string Request(string method, string uri, long written) =>
        $$"""{"host": "dc118836", "http.request.duration": 0.88, "http.request.method": "{{method}}", "http.request.uri": "{{uri}}", "http.request.useragent": "docker/17.03.1-ce", "http.response.status": 200, "http.response.written": {{written}}, "id": "9f63984475", "timestamp": "2017-06-20T02:41:18.399Z"}""";

    private string[] Operations(string run) => Column(run, "op");

    private long Live(string run, int row) => long.Parse(Column(run, "live_layers_bytes")[row], CultureInfo.InvariantCulture);

    private string[] Column(string run, string name)
    {
        string[] lines = File.ReadAllLines(Path.Combine(_storagelab.Folder, "reports", run, "samples.csv"));
        int column = Array.IndexOf(lines[0].Split(','), name);
        return [.. lines.Skip(1).Select(line => line.Split(',')[column])];
    }
}
