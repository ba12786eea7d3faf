using Xunit;

namespace StorageLab.Scenarios.Tests;

/// <summary>Every error path of a scenario, with its exact text and place.</summary>
public sealed class ScenarioProblemTests
{
    [Theory]
    [InlineData("", "1:1: the file is empty")]
    [InlineData("title: T", "1:1: a scenario needs 'steps': what is done, in order")]
    [InlineData("title: T\nsteps: []", "2:8: a scenario without steps does nothing; begin with pull: debian:12")]
    [InlineData("title: T\nsteps: observe", "2:8: steps are a list; begin each with '- '")]
    [InlineData("title:\nsteps: [observe]", "1:7: title is empty")]
    [InlineData("title: T\ntitle: U\nsteps: [observe]", "2:1: 'title' is given twice; keep one")]
    [InlineData("title: T\nsteps: [observe]\n---\na: b", "3:1: a second document begins here; a file holds one")]
    [InlineData("title: T\nsteps: &a [observe, *a]", "2:8: anchors (&) and aliases (*) are not read; use repeat, or write it out")]
    [InlineData("title: [T\nsteps: [observe]", "2:1: not YAML; check the indentation, colons, quotes and braces")]
    [InlineData("title: T\nsteps:\n  - observe\n - observe",
        "4:2: not YAML: while parsing a block mapping, did not find expected key; check the indentation, colons, quotes and braces")]
    [InlineData("- a", "1:1: a scenario needs settings: title, [description], [seed], [images], [hosts], [drivers], steps")]
    [InlineData("title: T\nseed: -4\nsteps: [observe]", "2:7: seed is '-4'; it is a whole number, 0 or more")]
    [InlineData("title: T\nimages: nosuch.tar\nsteps: [observe]", "2:9: images of a scenario is a list; begin each item with '- '")]
    public void A_file_that_is_no_scenario_is_refused_with_its_place(string text, string problem) =>
        Assert.Equal([$"test.yaml:{problem}"], ScenarioText.ProblemsOf(text));

    [Fact]
    public void All_problems_of_a_file_are_reported_in_its_order() =>
        Assert.Equal(
            [
                "test.yaml:1:1: unknown setting 'titel' of a scenario; did you mean title?",
                "test.yaml:1:1: a scenario needs 'title': one line for tables and plots",
                "test.yaml:2:21: kernel is 'six'; write a release as uname -r prints it, e.g. 3.10.0-1160.el7 or 6.1",
                "test.yaml:2:32: disk is 1MiB; it may be 1 GiB to 16 TiB",
                "test.yaml:2:47: there is no disk profile 'ssd' and no such file; it may be hdd-7200, nvme, sata-ssd",
                "test.yaml:2:64: filesystem is 'zfs'; did you mean xfs?",
                "test.yaml:2:76: mkfs.xfs argument 'reflink' is not modelled; crc, finobt, reflink and sparse (each =0 or =1) are",
                "test.yaml:2:86: unknown setting 'disc' of a host; did you mean disk?",
                "test.yaml:4:5: unknown step 'pul'; did you mean pull?",
            ],
            ScenarioText.ProblemsOf(
                "titel: T\nhosts: {h: {kernel: six, disk: 1MiB, profile: ssd, filesystem: zfs, mkfs: [reflink], disc: 4}}\nsteps:\n  - pul: nginx:1.22"));

    [Theory]
    [InlineData("overlay3", "2:11: driver is 'overlay3'; did you mean overlay2?")]
    [InlineData("{driver: loop-lvm, options: {dm.blkdiscards: false}}", "2:40: unknown storage option 'dm.blkdiscards'; did you mean dm.blkdiscard?")]
    [InlineData("{driver: loop-lvm, options: {dm.basesize: 10X}}", "2:53: dm.basesize is '10X', which is not a size; write one as 10G or 512M")]
    [InlineData("{driver: loop-lvm, options: {dm.basesize: -1}}", "2:53: dm.basesize is '-1', which is not a size; write one as 10G or 512M")]
    [InlineData("{driver: loop-lvm, options: {dm.loopdatasize: 100P}}", "2:57: dm.loopdatasize is 100P, which is out of range; it may be 16 MiB to 16 TiB")]
    [InlineData("{driver: loop-lvm, options: {dm.min_free_space: 10}}", "2:59: dm.min_free_space is '10' without its sign; write it as 10%")]
    [InlineData("{driver: loop-lvm, options: {overlay2.size: 10G}}", "2:40: overlay2.size is an option of overlay2, not of loop-lvm")]
    [InlineData("{driver: loop-lvm, options: {DM.FS: btrfs}}", "2:47: dm.fs is 'btrfs'; Docker formats images with xfs or ext4")]
    [InlineData("{driver: loop-lvm, options: {dm.blkdiscard: maybe}}", "2:55: dm.blkdiscard is 'maybe'; it is true or false")]
    [InlineData("{driver: loop-lvm, options: [a]}", "2:39: options are a mapping of Docker's names to values, e.g. {dm.blkdiscard: false}")]
    [InlineData("{driver: overlay2, host: nowhere}", "2:36: there is no host 'nowhere'; it may be default")]
    [InlineData("overlay2, overlay2", "2:21: a driver named 'overlay2' stands above; give one of them another name")]
    [InlineData("", "2:10: drivers are a list of 1 to 64, e.g. [loop-lvm, overlay2]")]
    public void A_wrong_driver_is_refused_with_its_place(string drivers, string problem) =>
        Assert.Equal([$"test.yaml:{problem}"], ScenarioText.ProblemsOf($"title: T\ndrivers: [{drivers}]\nsteps: [observe]"));

    [Fact]
    public void A_quota_needs_an_xfs_host() =>
        Assert.Equal(
            ["test.yaml:3:39: Storage Option overlay2.size only supported for backingFS XFS. Found ext4; choose a host with filesystem: xfs"],
            ScenarioText.ProblemsOf("title: T\nhosts: {h: {filesystem: ext4}}\ndrivers: [{driver: overlay2, options: {overlay2.size: 10G}}]\nsteps: [observe]"));

    [Theory]
    [InlineData("- pul: nginx:1.22", "3:3: unknown step 'pul'; did you mean pull?")]
    [InlineData("- pull: nginx:1.23", "3:9: there is no image 'nginx:1.23' to pull; near it are nginx:1.22, nginx:1.22-hotfix, nginx-1.22")]
    [InlineData("- pull:", "3:3: pull needs its image: pull: ...")]
    [InlineData("- pull: {image: nginx:1.22, tag: x}", "3:29: unknown setting 'tag' of pull; it may be image")]
    [InlineData("- pull: [a]", "3:9: pull needs settings: image")]
    [InlineData("- write: {in: c, path: data, size: 1}", "3:24: path is 'data'; a path begins with /, has no '..' and no name over 255 bytes")]
    [InlineData("- write: {in: c, path: /a/../b, size: 1}", "3:24: path is '/a/../b'; a path begins with /, has no '..' and no name over 255 bytes")]
    [InlineData("- write: {in: c, path: /, size: 1}", "3:24: path is the root itself; name something below it")]
    [InlineData("- write: {in: c, path: /a, size: -1}", "3:34: size: '-1' is negative; a size is 0 or more")]
    [InlineData("- write: {in: c, path: /a, size: 10XB}", "3:34: size: '10XB' is not a size; write one as 4096, 64KiB, 10MiB or 1.5GB")]
    [InlineData("- write: {in: c, path: /a, size: 100TiB}", "3:34: size is 100TiB; it may be 0 bytes to 16 TiB")]
    [InlineData("- write: {in: c, path: /a, size: 8KiB..1KiB}", "3:34: size runs from 8KiB down to 1KiB; write the smaller first")]
    [InlineData("- write: {in: c, path: /a, size: 1TiB, chunk: 1}", "3:3: 1 TiB in chunks of 1 bytes are more than 1000000 writes; use larger chunks")]
    [InlineData("- write: {in: c, path: /a, size: 1, fsync: sometimes}", "3:44: fsync is 'sometimes'; it may be end, each, never")]
    [InlineData("- write: {path: /a, size: 1}", "3:10: write needs 'in': the container")]
    [InlineData("- write: /a", "3:10: write needs settings: {in: ..., path: ..., size: ...}")]
    [InlineData("- overwrite: {in: c, path: /a}", "3:14: overwrite needs either offsets, or count and within")]
    [InlineData("- overwrite: {in: c, path: /a, count: 3, within: 1KiB}", "3:3: within is smaller than one block")]
    [InlineData("- many: {in: c, path: /a, count: 0, size: 1}", "3:34: count is '0'; it is a whole number from 1 to 1000000")]
    [InlineData("- wait: 3", "3:9: time: '3' is not a duration; write one as 500ms, 10s, 5m, 2h, 3d or 1w")]
    [InlineData("- wait: 50000d", "3:3: the scenario waits for more than 100 years in all; wait less")]
    [InlineData("- prune: everything", "3:10: what is 'everything'; it may be dangling, all, containers")]
    [InlineData("- rm: {name: c, force: yes}", "3:24: force is 'yes'; it is true or false")]
    [InlineData("- fstrim-host: c", "3:16: fstrim-host stands alone; remove what follows it")]
    [InlineData("- tag: {image: a, as: 'A:b'}", "3:23: 'A:b' is not a name for an image; write one as name:tag, in lower case")]
    [InlineData("- build: {from: a, tag: b, instructions: RUN}", "3:42: instructions of build is a list; begin each item with '- '")]
    [InlineData("- exec: {in: c, do: [{wrote: 1}]}", "3:23: unknown file operation 'wrote'; did you mean write?")]
    [InlineData("- every: 3", "3:3: this step says when, but not what; add a word such as pull")]
    [InlineData("- {observe: , every: 3}", "3:22: 'every' counts the turns of a loop, and there is none around this step; put it into repeat")]
    [InlineData("- {pull: busybox:1.35, rm: b}", "3:24: 'rm' is a second word in one step; begin a new step with '- ', or indent its settings")]
    [InlineData("- 7: 8", "3:3: unknown step '7'; it may be pull")]
    [InlineData("- run: {image: a, name: 'job-{i}'}", "3:25: unknown variable 'i'; there is no loop around it; write {{ for a brace")]
    [InlineData("- run: {image: a, name: 'job-{i'}", "3:25: 'job-{i' leaves a brace open; close it, or write {{ for a brace")]
    [InlineData("- run: {image: a, name: 'job-}'}", "3:25: 'job-}' closes a brace that is not open; write }} for a brace")]
    [InlineData("- random: {count: 3, choices: []}", "3:31: random has no choices; list at least one step")]
    [InlineData("- random: {count: 3, choices: [{observe: , weight: 0}]}", "3:52: weight is '0'; it is a whole number from 1 to 1000000")]
    public void A_wrong_step_is_refused_with_its_place(string step, string problem)
    {
        string found = Assert.Single(ScenarioText.ProblemsOfSteps(step));
        Assert.StartsWith($"test.yaml:{problem}", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run: {image: a, name: 'job-{j}'}", "5:36: unknown variable 'j'; did you mean i?")]
    [InlineData("run: {image: a, name: 'job-{i+}'}", "5:36: '{i+}' is not an expression; write one as {i}, {i-20} or {i%5}")]
    [InlineData("run: {image: a, name: 'job-{i/0}'}", "5:14: 1 / 0 has no value")]
    [InlineData("pull: 'nginx-{i}'", "5:14: there is no image 'nginx-1' to pull; near it are ")]
    [InlineData("write: {in: c, path: /a, size: {i}}", "5:45: size begins with a brace; put the value in quotes")]
    [InlineData("observe: , from: '{i}'", "5:31: from is a plain number, without braces")]
    [InlineData("observe: , every: x", "5:32: every is 'x'; it is a whole number from 1 to 10000000")]
    public void A_wrong_step_in_a_loop_is_reported_once_with_its_place(string step, string problem)
    {
        string found = Assert.Single(ScenarioText.ProblemsOf($"title: T\nsteps:\n- repeat:\n    times: 3\n    steps: [{{{step}}}]"));
        Assert.StartsWith($"test.yaml:{problem}", found, StringComparison.Ordinal);
    }

    [Fact]
    public void Loops_that_come_to_too_much_are_refused_before_they_run() =>
        Assert.Equal(
            "test.yaml:3:3: the scenario comes to more than 20000000 steps and file operations here; repeat less often",
            ScenarioText.ProblemsOfSteps("- repeat: {times: 10000000, steps: [{repeat: {times: 10000000, steps: []}}]}")[0]);

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        string text = "title: T\nsteps: " + new string('[', 10_000);
        Assert.Contains("nested more than 40 deep", Assert.Single(ScenarioText.ProblemsOf(text)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_problems_are_enough() =>
        Assert.Equal(100, ScenarioText.ProblemsOfSteps(string.Join('\n', Enumerable.Repeat("- pul: x", 500))).Length);

    [Theory]
    [InlineData("--driver", "overlay3", "--driver: unknown driver 'overlay3'; did you mean overlay2?")]
    [InlineData("--set", "dm.blkdiscard", "--set: 'dm.blkdiscard' is not name=value, e.g. dm.blkdiscard=false")]
    [InlineData("--set", "dm.blkdiscrad=false", "--set: unknown storage option 'dm.blkdiscrad'; did you mean dm.blkdiscard?")]
    [InlineData("--set", "dm.basesize=big", "--set: dm.basesize is 'big', which is not a size; write one as 10G or 512M")]
    public void What_the_command_line_says_is_checked_alike(string option, string value, string problem)
    {
        ScenarioOverrides overrides = option == "--driver" ? new() { Drivers = [value] } : new() { Options = [value] };
        Assert.Equal([problem], ScenarioText.ProblemsOf("title: T\nsteps: [observe]", overrides));
    }

    [Theory]
    [InlineData("pull-delete-chrun", "pull-delete-chrun: there is no scenario of that name and no such file; did you mean pull-delete-churn?")]
    [InlineData("pool-ful.yaml", "pool-ful.yaml: there is no scenario of that name and no such file; did you mean pool-full?")]
    public void An_unknown_scenario_is_answered_with_the_nearest(string name, string problem)
    {
        InputException e = Assert.Throws<InputException>(() => new ScenarioReader(ScenarioLibrary.Shipped).Read(name, ScenarioOverrides.None));
        Assert.Equal(problem, e.Message);
    }
}
