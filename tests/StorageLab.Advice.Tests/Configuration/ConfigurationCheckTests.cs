using System.Collections.Immutable;
using System.Text;
using CsCheck;
using StorageLab.Advice.Configuration;
using StorageLab.Model.Drivers;
using Xunit;

namespace StorageLab.Advice.Tests.Configuration;

public sealed class ConfigurationCheckTests
{
    private const string Mended = """
        {
          "storage-driver": "overlay2"
        }

        """;

    [Theory]
    [InlineData("{\n  \"storage-driver\": \"overlay2\",\n}", "daemon.json:3:1: Docker will not start: this is no JSON: there is a comma after the last entry; delete it")]
    [InlineData("{ // ours\n}", "daemon.json:1:3: Docker will not start: this is no JSON: comments are not allowed; delete them")]
    [InlineData("", "daemon.json:1:1: Docker will not start: this is no JSON: it ends too early; an empty configuration is {}")]
    [InlineData("{\"debug\": true", "it ends too early")]
    [InlineData("\ufeff{}", "it begins with a byte order mark")]
    [InlineData("[]", "daemon.json:1:1: Docker will not start: the file must hold an object")]
    [InlineData("{\n \"storage-drivers\": \"overlay2\"}", "daemon.json:2:2: Docker will not start: the following directives don't match any configuration option: storage-drivers; did you mean storage-driver?")]
    [InlineData("{\"storage-driver\":\"overlay2\",\"storage-opt\": []}", "that is the flag's name; the file's is storage-opts, with a list of strings")]
    [InlineData("{\"storage-driver\":\"overlay2\",\"debug\": \"true\"}", "daemon.json:1:39: Docker will not start: debug is \"true\"; it must be true or false")]
    [InlineData("{\"storage-driver\":\"overlay2\",\"dns\": \"8.8.8.8\"}", "dns is \"8.8.8.8\"; it must be a list of strings")]
    [InlineData("{\"storage-driver\":\"overlay2\",\"labels\": [1]}", "labels holds 1; every item must be a string")]
    [InlineData("{\"storage-driver\":\"overlay2\",\"log-opts\": {\"max-file\": 3}}", "log-opts: max-file is 3; it must be a string: \"3\"")]
    [InlineData("{\"storage-driver\":\"overlay\", \"data-root\": \"/a\", \"graph\": \"/b\"}", "cannot specify both \"graph\" and \"data-root\" config file options")]
    [InlineData("{\"storage-driver\":\"ovrelay2\"}", "there is no storage driver 'ovrelay2'; did you mean overlay2?")]
    [InlineData("{\"storage-driver\":\"overlay2\",\"storage-opts\": [\"dm.basesize=20G\"]}", "dm.basesize is an option of devicemapper, not of overlay2")]
    [InlineData("{\"storage-driver\":\"devicemapper\",\"storage-opts\": [\"overlay2.size=20G\"]}", "overlay2.size is an option of overlay2, not of devicemapper")]
    [InlineData("{\"storage-driver\":\"devicemapper\",\"storage-opts\": [\"dm.basesiez=20G\"]}", "did you mean dm.basesize?")]
    [InlineData("{\"storage-driver\":\"devicemapper\",\"storage-opts\": [\"dm.fs=btrfs\"]}", "dm.fs")]
    [InlineData("{\"storage-driver\":\"overlay2\",\"storage-opts\": [\"overlay2.size\"]}", "Unable to parse key/value option: 'overlay2.size'")]
    [InlineData("{\"storage-driver\":\"overlay2\",\"registry-mirrors\": [\"ftp://m\"]}", "invalid mirror: unsupported scheme \"ftp\"")]
    [InlineData("{\"storage-driver\":\"overlay2\",\"registry-mirrors\": [\"mirror.example.org\"]}", "invalid mirror: \"mirror.example.org\" is not a valid URI; write it as https://")]
    [InlineData("{\"storage-driver\":\"overlay2\",\"registry-mirrors\": [\"https://m/v2\"]}", "invalid mirror: path, query, or fragment at end of the URI \"https://m/v2\"; write only https://m")]
    [InlineData("{\"storage-driver\":\"overlay2\",\"registry-mirrors\": [\"https://u:p@m\"]}", "username/password not allowed in URI \"https://xxxxx@m\"")]
    public void What_stops_Docker_is_told_with_its_place_and_what_would_be_right(string text, string expected)
    {
        ImmutableArray<ConfigurationFinding> findings = Check(text);
        ConfigurationFinding fatal = Assert.Single(findings, finding => finding.Severity == FindingSeverity.Fatal);
        Assert.Contains(expected, fatal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"storage-driver\":\"devicemapper\"}", "keeps everything in a sparse file (loop-lvm)")]
    [InlineData("{}", "no storage-driver is given, so Docker chooses")]
    [InlineData("{\"storage-opts\": [\"dm.basesize=20G\"]}", "no storage-driver is given: where Docker chooses another it will not start")]
    [InlineData("{\"storage-driver\":\"overlay2\",\"debug\":true,\"debug\":false}", "debug comes again further down")]
    [InlineData("{\"storage-driver\":\"overlay2\"} x", "daemon.json:1:31: Docker reads only up to the closing brace")]
    [InlineData("{\"storage-driver\":\"overlay2\",\"graph\":\"/g\"}", "graph is deprecated")]
    [InlineData("{\"storage-driver\":\"overlay2\",\"hosts\":[\"fd://\"]}", "docker.service starts dockerd with -H fd://")]
    public void What_Docker_takes_otherwise_than_meant_is_a_warning(string text, string expected)
    {
        ImmutableArray<ConfigurationFinding> findings = Check(text);
        Assert.DoesNotContain(findings, finding => finding.Severity == FindingSeverity.Fatal);
        Assert.Contains(findings, finding => finding.ToString().Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"storage-driver\":\"overlay2\"}")]
    [InlineData("{\"storage-driver\":\"overlay2\",\"registry-mirrors\":[\"https://mirror.example.org/\"],\"log-opts\":{\"max-size\":\"10m\"},\"live-restore\":true,\"max-concurrent-downloads\":3}")]
    [InlineData("{\"storage-driver\":\"overlay2\",\"features\":{\"buildkit\":true},\"builder\":{\"gc\":{\"enabled\":true}},\"default-address-pools\":[{\"base\":\"10.0.0.0/8\",\"size\":24}]}")]
    public void A_good_file_is_left_alone(string text) => Assert.Empty(Check(text));

    [Theory]
    [InlineData("3.10.0-327.el7", true, "Docker falls back to devicemapper on a sparse file (loop-lvm)")]
    [InlineData("3.10.0-1160.el7", false, "Docker falls back to devicemapper on a sparse file (loop-lvm)")]
    [InlineData("3.10.0-1160.el7", true, "Docker takes overlay2 on this host")]
    [InlineData("3.16", true, "Docker falls back")]
    [InlineData("5.14.0-70.el9", true, "Docker takes overlay2 on this host")]
    public void What_Docker_chooses_by_itself_hangs_on_the_host(string kernel, bool hasFileTypes, string expected)
    {
        ConfigurationFinding finding = Assert.Single(Check("{}", new DaemonHost(KernelVersion.Parse(kernel), hasFileTypes)));
        Assert.Contains(expected, finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_a_flag_gives_too_stops_Docker_even_when_both_say_the_same()
    {
        ImmutableArray<ConfigurationFinding> findings = ConfigurationCheck.Of(
            [File("daemon.json", "{\"storage-driver\": \"overlay2\"}"), File("/etc/sysconfig/docker-storage", "# by setup\nDOCKER_STORAGE_OPTIONS='--storage-driver overlay2'\n")],
            DaemonHost.Unknown);
        Assert.Equal(
            "daemon.json:1:2: Docker will not start: the following directives are specified both as a flag and in the configuration file: storage-driver: "
                + "(from flag: overlay2, from file: \"overlay2\"); keep it here and delete --storage-driver at /etc/sysconfig/docker-storage:2",
            Assert.Single(findings).ToString());
    }

    [Theory]
    [InlineData("DOCKER_OPTS=\"--storage-driver=devicemapper --dns 8.8.8.8\"", "docker:1:14: devicemapper is deprecated")]
    [InlineData("DOCKER_OPTS=\"-s devicemapper --storage-opt dm.thinpooldev=/dev/mapper/p --storage-opt dm.bassize=1G\"", "did you mean dm.basesize?")]
    [InlineData("OPTIONS='--storage-drivr overlay2'", "docker:1:10: Docker will not start: unknown flag: --storage-drivr; did you mean --storage-driver?")]
    [InlineData("DOCKER_OPTS=\"--debug", "the quote \" is not closed on this line")]
    [InlineData("DOCKER_OPTS=\"overlay2\"", "'overlay2' is no flag")]
    public void A_file_of_flags_is_read_as_dockerd_gets_it(string text, string expected) =>
        Assert.Contains(ConfigurationCheck.Of([File("docker", text)], DaemonHost.Unknown), finding => finding.ToString().Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("{ /* x */ \"storage-drivers\": \"overlay2\", }", Mended)]
    [InlineData("{\"storage-driver\":\"overlay2\",\"storage-opts\":[\"dm.basesize=20G\"]}", Mended)]
    [InlineData("\ufeff{\"storage-driver\":\"devicemapper\",\"storage-driver\":\"overlay2\"}", Mended)]
    [InlineData("{\"nonsense-at-all\":1,\"storage-driver\":\"overlay2\",\"registry-mirrors\":[\"\"]}", Mended)]
    public void A_corrected_file_says_what_was_meant(string text, string expected) =>
        Assert.Equal(expected, ConfigurationRepair.Of(File("daemon.json", text), []), ignoreLineEndingDifferences: true);

    [Fact]
    public void Any_text_is_read_without_failing_and_what_is_corrected_has_nothing_fatal_left()
    {
        Gen<string> values = OneOf(
            "true", "\"true\"", "1", "\"x\"", "[\"a=b\"]", "[1]", "{}", "{\"a\":1}", "null", "\"devicemapper\"", "\"overlay2\"", "[\"dm.basesize=20G\"]", "[\"https://m/v2\"]");
        Gen<string> members = Gen.Select(OneOf([.. DaemonKeyNames, "storage-drivr", "é", ""]), values, (name, value) => $"\"{name}\":{value}");
        members.Array[0, 6].Select(array => "{" + string.Join(',', array) + "}").Sample(text =>
        {
            _ = Check(text);
            string mended = ConfigurationRepair.Of(File("daemon.json", text), [])!;
            Assert.DoesNotContain(Check(mended), finding => finding.Severity == FindingSeverity.Fatal && !finding.Message.Contains("storage driver", StringComparison.Ordinal));
        }, iter: 2000);
        Gen.Byte.Array[0, 60].Sample(bytes => _ = ConfigurationCheck.Of([new ConfigurationFile("daemon.json", bytes), new ConfigurationFile("docker", bytes)], DaemonHost.Unknown), iter: 2000);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static readonly string[] DaemonKeyNames =
        ["storage-driver", "storage-opts", "registry-mirrors", "debug", "log-opts", "dns", "mtu", "graph", "data-root", "hosts", "labels", "features", "default-address-pools", "runtimes"];

    private static ImmutableArray<ConfigurationFinding> Check(string text, DaemonHost? host = null) => ConfigurationCheck.Of([File("daemon.json", text)], host ?? DaemonHost.Unknown);

    private static ConfigurationFile File(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));
}
