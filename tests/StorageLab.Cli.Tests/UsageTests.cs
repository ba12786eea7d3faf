using Xunit;

namespace StorageLab.Cli.Tests;

public sealed class UsageTests : IDisposable
{
    private readonly Storagelab _storagelab = new();

    public void Dispose() => _storagelab.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("run", "--help")]
    [InlineData("replay", "--help")]
    [InlineData("measure", "--help")]
    [InlineData("doctor", "--help")]
    [InlineData("shell", "--help")]
    [InlineData("import", "docker-events", "--help")]
    [InlineData("import", "registry-trace", "--help")]
    [InlineData("show", "--help")]
    [InlineData("report", "--help")]
    [InlineData("compare", "--help")]
    [InlineData("advise", "--help")]
    [InlineData("check-config", "--help")]
    [InlineData("list", "--help")]
    [InlineData("validate", "--help")]
    [InlineData("model", "--help")]
    [InlineData("import", "--help")]
    [InlineData("import", "thin-dump", "--help")]
    [InlineData("schema", "--help")]
    [InlineData("completion", "--help")]
    public void Help_of_every_verb_has_an_example(params string[] arguments)
    {
        Storagelab.Result result = _storagelab.Run(arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("Examples:\n  ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_lists_the_exit_codes() =>
        Assert.Contains("130  interrupted", _storagelab.Run("--help").Output, StringComparison.Ordinal);

    [Fact]
    public void The_version_is_a_number_and_nothing_else() =>
        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+\n$", _storagelab.Run("--version").Output);

    [Theory]
    [InlineData("unknown word 'rnu'; did you mean run?", "rnu")]
    [InlineData("unknown option '--drivr'; did you mean --driver?", "run", "pull-delete-churn", "--drivr", "overlay2")]
    [InlineData("required argument 'SCENARIO' missing", "run")]
    [InlineData("required command was not provided", new string[0])]
    [InlineData("--seed is '-1'; it must be a whole number, at least 0", "run", "pull-delete-churn", "--seed", "-1")]
    [InlineData("--seed is '18446744073709551616'; it must be a whole number, at least 0 and at most 18446744073709551615",
        "run", "pull-delete-churn", "--seed", "18446744073709551616")]
    [InlineData("dm.mkfsarg: mkfs.xfs argument 'reflnk=0' is not modelled", "run", "pull-delete-churn", "--set", "dm.mkfsarg=reflnk=0")]
    [InlineData("--threads is '0'; it must be a whole number, at least 1", "run", "pull-delete-churn", "--threads", "0")]
    [InlineData("--threads is 'many'; it must be a whole number, at least 1", "run", "pull-delete-churn", "--threads", "many")]
    [InlineData("--plain and --json exclude each other", "run", "pull-delete-churn", "--plain", "--json")]
    [InlineData("did you mean pull-delete-churn?", "run", "pull-delete-chrun")]
    [InlineData("give either --host unix:///var/run/docker.sock or --machine uml", "measure", "pull-delete-churn")]
    [InlineData("give either --host unix:///var/run/docker.sock or --machine uml", "measure", "pull-delete-churn", "--host", "unix:///x", "--machine", "uml")]
    [InlineData("--keep keeps a machine's disk; it goes with --machine uml", "measure", "pull-delete-churn", "--host", "unix:///x", "--keep")]
    [InlineData("--machine is 'qemu'; the one kind of machine there is is uml", "measure", "pull-delete-churn", "--machine", "qemu")]
    [InlineData("unknown driver 'aufs'; it may be", "measure", "pull-delete-churn", "--machine", "uml", "--driver", "aufs")]
    [InlineData("/nowhere.sock: there is no such socket; start the daemon", "measure", "pull-delete-churn", "--host", "unix:///nowhere.sock")]
    [InlineData("the disk under a daemon can only be read on its own machine", "measure", "pull-delete-churn", "--host", "tcp://127.0.0.1:2375")]
    [InlineData("'here' is not an address; give a socket", "measure", "pull-delete-churn", "--host", "here")]
    [InlineData("did you mean pull-delete-churn?", "measure", "pull-delete-chrun", "--machine", "uml")]
    [InlineData("--driver says what is measured; it goes with --machine uml", "validate", "x", "--driver", "overlay2")]
    [InlineData("one scenario at a time is measured with --machine", "validate", "x", "y", "--machine", "uml")]
    [InlineData("did you mean overlay2?", "run", "pull-delete-churn", "--driver", "overlay")]
    [InlineData("did you mean dm.blkdiscard?", "run", "pull-delete-churn", "--set", "dm.blkdiscrad=false")]
    [InlineData("'tcsh'", "completion", "tcsh")]
    [InlineData("--vary: 'dm.blocksize' is not name=value,value,…", "run", "pull-delete-churn", "--vary", "dm.blocksize")]
    [InlineData("did you mean dm.blocksize?", "run", "pull-delete-churn", "--vary", "dm.blocksiez=64K")]
    [InlineData("--vary: makes 18 variants; at most 16", "run", "pull-delete-churn", "--driver", "direct-lvm", "--vary", "dm.blocksize=64K,128K,256K,512K,1M,2M", "--vary", "dm.basesize=10G,20G,30G")]
    [InlineData("dm.blkdiscard is an option of loop-lvm and direct-lvm, and none of them is run", "run", "pull-delete-churn", "--driver", "overlay2", "--vary", "dm.blkdiscard=true,false")]
    [InlineData("--max-error is 'few'; it must be a percentage such as 5%", "validate", "x", "--max-error", "few")]
    [InlineData("--json and --markdown exclude each other", "validate", "x", "--json", "--markdown")]
    [InlineData("no constant is about 'metdata'; did you mean metadata?", "model", "metdata")]
    [InlineData("--delete is 'one'; it must be a device's number in the dump", "import", "thin-dump", "x", "--delete", "one")]
    [InlineData("unknown word 'thin-dmp'; did you mean thin-dump?", "import", "thin-dmp")]
    [InlineData("nosuch.sh: there is no lesson of that name and no such file", "replay", "nosuch.sh")]
    [InlineData("--fresh needs --scenario", "shell", "--fresh")]
    [InlineData("did you mean overlay2?", "shell", "--driver", "overlay")]
    [InlineData("events.jsonl: there is no such file", "import", "docker-events", "events.jsonl")]
    [InlineData("nosuch: holds no run: ", "report", "nosuch")]
    [InlineData("nosuch: holds no run: ", "compare", "nosuch", "nosuch")]
    [InlineData("nosuch: is no folder", "advise", "--host", "nosuch")]
    [InlineData("--kernel: 'seven' is not a kernel release", "advise", "--kernel", "seven")]
    [InlineData("--image-size: 'big' is not a size", "advise", "--image-size", "big")]
    [InlineData("--churn: is 140; it must be from 0 to 100", "advise", "--churn", "140")]
    [InlineData("daemon.json: cannot be read", "check-config", "daemon.json")]
    [InlineData("--ftype: is 2; it must be 0 or 1", "check-config", "/dev/null", "--ftype", "2")]
    [InlineData("--size: 'x' is not NAME=SIZE, e.g. web:1=120MB", "import", "docker-events", "events.jsonl", "--size", "x")]
    [InlineData("--default-size: 'much' is not a size", "import", "registry-trace", "trace.json", "--default-size", "much")]
    public void A_wrong_command_line_is_one_line_and_exit_code_2(string message, params string[] arguments)
    {
        Storagelab.Result result = _storagelab.Run(arguments);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("storagelab: ", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_storagelab.Folder));
    }

    [Fact]
    public void Malformed_yaml_is_said_by_file_line_and_column()
    {
        _storagelab.Write("bad.yaml", "title: x\nsteps:\n  - pull: {image: [\n");
        Storagelab.Result result = _storagelab.Run("run", "bad.yaml");
        Assert.Equal(2, result.ExitCode);
        Assert.Matches("^storagelab: bad.yaml:[0-9]+:[0-9]+: ", result.ErrorLines[0]);
    }

    [Fact]
    public void An_output_folder_that_cannot_be_written_is_said_before_anything_runs()
    {
        string file = _storagelab.Write("taken", "");
        foreach (string folder in new[] { file, Path.Combine(file, "below"), "/proc/storagelab", "" })
        {
            Storagelab.Result result = _storagelab.Run("run", "pull-delete-churn", "--out", folder);
            Assert.Equal((2, ""), (result.ExitCode, result.Output));
            Assert.StartsWith($"storagelab: --out {folder}: cannot be written", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        }
        Assert.Equal(["taken"], Directory.GetFileSystemEntries(_storagelab.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A_file_in_the_way_of_the_folder_is_named()
    {
        string file = _storagelab.Write("taken", "");
        Directory.CreateDirectory(Path.Combine(_storagelab.Folder, "out", "samples.csv"));
        Assert.EndsWith($"cannot be written: {file} is a file\n", _storagelab.Run("run", "copy-up", "--out", Path.Combine(file, "below")).Error, StringComparison.Ordinal);
        Assert.EndsWith("cannot be written: out/samples.csv is a folder\n", _storagelab.Run("run", "copy-up", "--out", "out").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_cannot_hold_its_driver_is_bad_input()
    {
        Storagelab.Result result = _storagelab.Run("run", "copy-up", "--driver", "loop-lvm", "--set", "dm.loopdatasize=16M", "--out", "out");
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Equal(
            "storagelab: copy-up: loop-lvm dm.loopdatasize=16M cannot be set up: mkfs.xfs fails on a device of 10737418240 bytes: no space left on device",
            Assert.Single(result.ErrorLines));
        Assert.Empty(Directory.GetFiles(Path.Combine(_storagelab.Folder, "out"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_scenario_that_is_no_UTF_8_is_said_to_be_none()
    {
        File.WriteAllBytes(Path.Combine(_storagelab.Folder, "latin.yaml"), [.. "title: caf"u8, 0xE9, .. "\nsteps: [observe]\n"u8]);
        Storagelab.Result result = _storagelab.Run("run", "latin.yaml");
        Assert.Equal((2, "storagelab: latin.yaml: is not a text: it holds bytes that are not UTF-8"), (result.ExitCode, Assert.Single(result.ErrorLines)));
    }

    [Theory]
    [InlineData("list > /dev/full", 3)]
    [InlineData("list >&-", 3)]
    [InlineData("run nosuch 2>&-", 2)]
    public void A_stream_that_cannot_be_written_is_no_crash(string command, int exitCode) =>
        Assert.Equal(exitCode, _storagelab.RunShell(command).ExitCode);

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Every_shell_gets_a_function_that_asks_storagelab(string shell)
    {
        Storagelab.Result result = _storagelab.Run("completion", shell);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("[suggest:", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Completion_knows_scenarios_drivers_and_options()
    {
        Assert.Contains("pull-delete-churn", _storagelab.Run("[suggest:4]", "run ").Output, StringComparison.Ordinal);
        Assert.Contains("overlay2", _storagelab.Run("[suggest:13]", "run --driver ").Output, StringComparison.Ordinal);
        Assert.Contains("dm.blkdiscard=", _storagelab.Run("[suggest:10]", "run --set ").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_has_every_kind_and_one_kind_alone_when_asked()
    {
        string all = _storagelab.Run("list").Output;
        foreach (string word in new[] { "scenarios\n", "drivers\n", "options\n", "profiles\n", "images\n", "pull-delete-churn", "loop-lvm", "dm.blkdiscard", "sata-ssd", "debian:12" })
            Assert.Contains(word, all, StringComparison.Ordinal);
        Assert.DoesNotContain("sata-ssd", _storagelab.Run("list", "images").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scenario_is_shown_as_the_commands_one_would_type()
    {
        _storagelab.Write("tiny.yaml", "title: Tiny\nsteps:\n  - pull: {image: busybox:1.35}\n  - rmi: {image: busybox:1.35}\n");
        Storagelab.Result result = _storagelab.Run("show", "tiny.yaml");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("1  docker pull busybox:1.35\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("2  docker rmi busybox:1.35\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_is_json() =>
        Assert.Equal(System.Text.Json.JsonValueKind.Object, System.Text.Json.JsonDocument.Parse(_storagelab.Run("schema").Output).RootElement.ValueKind);
}
