using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using Xunit;

namespace StorageLab.Model.Tests.Images;

/// <summary>Docker's rules for images, tags and containers, on the quickest driver.</summary>
public sealed class EngineTests
{
    private readonly NameTable _names = new();
    private readonly HostMachine _host;
    private readonly DockerEngine _engine;

    public EngineTests()
    {
        _host = HostMachine.Install(TestHosts.Host(), _names);
        _engine = new DockerEngine(_host, DriverKinds.Of(DriverNames.Overlay2).Build(_host, StorageOptions.Default(DriverNames.Overlay2)), seed: 1);
    }

    [Fact]
    public void A_chain_id_of_two_layers_is_the_digest_of_both_ids()
    {
        // printf 'sha256:aa… sha256:bb…' | sha256sum
        string bottom = ContentIds.Prefix + new string('a', 64);
        string top = ContentIds.Prefix + new string('b', 64);
        Assert.Equal(bottom, ContentIds.ChainId(null, bottom));
        Assert.Equal(ContentIds.Of($"{bottom} {top}"), ContentIds.ChainId(bottom, top));
    }

    [Fact]
    public void Images_that_share_layers_store_them_once()
    {
        Load("a:1", ["base=100"], ["a=10"]);
        Load("b:1", ["base=100"], ["b=20"]);
        Assert.Equal(3, _engine.Layers.Count);
        Assert.Equal(130, _engine.Layers.TotalBytes);
    }

    [Fact]
    public void Removing_an_image_frees_only_layers_that_nothing_else_needs_top_first()
    {
        Load("a:1", ["base=100"], ["a=10"], ["a2=1"]);
        ImageDefinition other = Load("b:1", ["base=100"], ["b=20"]);
        List<RemovalRecord> records = [];
        Assert.True(_engine.RemoveImage("a:1", force: false, records).IsOk);
        string baseId = other.Layers[0].DiffId;
        string middle = ContentIds.ChainId(baseId, ContentIds.Of("a=10"));
        string top = ContentIds.ChainId(middle, ContentIds.Of("a2=1"));
        Assert.Equal(
            ["Untagged: a:1", $"Deleted: {ContentIds.Of("a:1")}", $"Deleted: {top}", $"Deleted: {middle}"], records.Select(record => record.ToString()));
        Assert.Equal(120, _engine.Layers.TotalBytes);
    }

    [Fact]
    public void A_tag_that_moves_leaves_the_old_image_dangling_until_it_is_pruned()
    {
        Load("a:1", ["base=100"]);
        ImageDefinition rebuilt = TestHosts.Image(_names, "a:1", ["base=101"]) with { ImageId = ContentIds.Of("rebuilt") };
        Assert.True(_engine.Load(rebuilt).IsOk);
        Assert.Equal(1, _engine.Images.DanglingCount);
        List<RemovalRecord> records = [];
        Assert.True(_engine.PruneImages(all: false, records).IsOk);
        Assert.Equal(0, _engine.Images.DanglingCount);
        Assert.Equal($"Deleted: {ContentIds.Of("a:1")}", records[0].ToString());
        Assert.Equal(101, _engine.Layers.TotalBytes);
    }

    /// <summary>Recorded on Linux 6.1 with Docker 20.10.24: docker tag left two inodes more (a directory and lastUpdated), docker commit with changes eleven on
    /// loop-lvm, one of them the device's, docker commit without changes four (no layer), and removing the images gave all back.</summary>
    [Fact]
    public void Tags_and_commits_leave_files_beside_the_image()
    {
        Load("a:1", ["base=100"]);
        Assert.True(_engine.CreateContainer("a:1", "c1", out Container? container).IsOk);
        long before = UsedInodes();
        Assert.True(_engine.Tag("a:1", "team/a:2").IsOk);
        Assert.Equal(2, UsedInodes() - before);
        Assert.True(_engine.Tag("a:1", "a:latest").IsOk);
        Assert.Equal(2, UsedInodes() - before);

        before = UsedInodes();
        Assert.True(_engine.Commit(container!, ImageName.Parse("same:1"), new CommitDescription(), out Image? same).IsOk);
        Assert.Equal(4, UsedInodes() - before);
        Assert.Equal(container!.Image.Top, same!.Top);
        Assert.Equal(1, _engine.Layers.Count);
        Assert.True(_engine.RemoveImage("same:1", force: false, []).IsOk);
        Assert.Equal(before, UsedInodes());
    }

    [Theory]
    [InlineData("z")]
    [InlineData("-a")]
    [InlineData("a b")]
    public void A_container_name_that_docker_does_not_take_is_refused_with_its_words(string name)
    {
        Load("a:1", ["base=100"]);
        DockerOutcome outcome = _engine.CreateContainer("a:1", name, out _);
        Assert.Equal(StepResult.Refused, outcome.Result);
        Assert.Equal($"Error response from daemon: Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed", outcome.Error);
    }

    [Fact]
    public void An_image_that_a_container_uses_is_refused_with_dockers_words()
    {
        Load("a:1", ["base=100"]);
        Assert.True(_engine.CreateContainer("a:1", "c1", out Container? container).IsOk);
        DockerOutcome outcome = _engine.RemoveImage("a:1", force: false, []);
        Assert.Equal(StepResult.Refused, outcome.Result);
        Assert.Equal(
            "Error response from daemon: conflict: unable to remove repository reference \"a:1\" (must force) - container "
            + $"{container!.Id[..12]} is using its referenced image {ContentIds.Truncated(ContentIds.Of("a:1"))}",
            outcome.Error);
    }

    [Fact]
    public void A_forced_removal_of_an_image_with_a_stopped_container_keeps_its_layers()
    {
        Load("a:1", ["base=100"]);
        Assert.True(_engine.CreateContainer("a:1", "c1", out _).IsOk);
        List<RemovalRecord> records = [];
        Assert.True(_engine.RemoveImage("a:1", force: true, records).IsOk);
        Assert.Equal(["Untagged: a:1", $"Deleted: {ContentIds.Of("a:1")}"], records.Select(record => record.ToString()));
        Assert.Equal(1, _engine.Layers.Count);
        Assert.True(_engine.RemoveContainer("c1", force: false).IsOk);
        Assert.Equal(0, _engine.Layers.Count);
    }

    [Fact]
    public void An_id_of_an_image_with_two_tags_must_be_forced()
    {
        ImageDefinition image = Load("a:1", ["base=100"]);
        Assert.True(_engine.Tag("a:1", "b:1").IsOk);
        string prefix = ContentIds.Truncated(image.ImageId);
        DockerOutcome outcome = _engine.RemoveImage(prefix, force: false, []);
        Assert.Equal($"Error response from daemon: conflict: unable to delete {prefix} (must be forced) - image is referenced in multiple repositories", outcome.Error);
        Assert.True(_engine.RemoveImage(prefix, force: true, []).IsOk);
        Assert.Equal(0, _engine.Layers.Count);
    }

    [Fact]
    public void A_running_container_is_removed_only_by_force()
    {
        Load("a:1", ["base=100"]);
        Assert.True(_engine.CreateContainer("a:1", "c1", out Container? container).IsOk);
        Assert.True(_engine.Start("c1").IsOk);
        Assert.Equal(
            $"Error response from daemon: You cannot remove a running container {container!.Id}. Stop the container before attempting removal or force remove",
            _engine.RemoveContainer("c1", force: false).Error);
        Assert.True(_engine.RemoveContainer("c1", force: true).IsOk);
        Assert.Equal(0, _engine.Containers.RunningCount);
    }

    [Fact]
    public void A_name_in_use_is_refused()
    {
        Load("a:1", ["base=100"]);
        Assert.True(_engine.CreateContainer("a:1", "c1", out _).IsOk);
        Assert.StartsWith("Error response from daemon: Conflict. The container name \"/c1\" is already in use", _engine.CreateContainer("a:1", "c1", out _).Error);
    }

    [Fact]
    public void An_unknown_image_is_named_as_the_client_names_it()
    {
        Assert.Equal("Error: No such image: nosuch", _engine.RemoveImage("nosuch", force: false, []).Error);
    }

    private ImageDefinition Load(string tag, params string[][] layers)
    {
        ImageDefinition image = TestHosts.Image(_names, tag, layers);
        Assert.Equal(DockerOutcome.Ok, _engine.Load(image));
        return image;
    }

    private long UsedInodes() => _host.FileSystem.Usage.UsedInodeCount;
}
