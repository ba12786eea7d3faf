using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Traces;
using Xunit;

namespace StorageLab.Scenarios.Tests.Traces;

public sealed class EventTranslationTests
{
    private readonly EventTranslation _translation = new(reference => new ImageDefinition
    {
        Key = reference,
        Tag = reference,
        ImageId = ContentIds.Of(reference),
        Layers = [],
    });

    [Fact]
    public void An_image_that_was_there_before_the_log_is_pulled_where_it_is_first_used()
    {
        Assert.Equal(["pull nginx:1.22", "create web of nginx:1.22"], Steps(Container("create", "c1", "nginx:1.22", "web")));
        Assert.Equal(["create db of nginx:1.22"], Steps(Container("create", "c2", "nginx:1.22", "db")));
        Assert.Equal(1, _translation.PresentCount);
    }

    [Fact]
    public void A_container_is_known_by_its_id_whatever_its_name_becomes()
    {
        _ = Steps(Container("create", "c1", "a:1", "web"));
        Assert.Equal(["start web"], Steps(Container("start", "c1", "a:1", "renamed")));
        Assert.Equal(["stop web"], Steps(Container("die", "c1", "a:1", "renamed")));
        Assert.Equal(["rm web"], Steps(Container("destroy", "c1", "a:1", "renamed")));
        Assert.Empty(Steps(Container("start", "c1", "a:1", "renamed")));
        // The name is free again.
        Assert.Equal(["create web of a:1"], Steps(Container("create", "c2", "a:1", "web")));
    }

    [Fact]
    public void An_untag_and_the_delete_behind_it_are_one_removal()
    {
        Assert.Equal(["pull a:1"], Steps(Image("pull", "a:1", "a")));
        Assert.Equal(["tag a:1 b:1"], Steps(Image("tag", "sha256:aa", "b:1")));
        Assert.Equal(["rmi b:1"], Steps(Image("untag", "sha256:aa", "sha256:aa")));
        Assert.Equal(["rmi a:1"], Steps(Image("untag", "sha256:aa", "sha256:aa")));
        // The digest's own reference went with the last tag.
        Assert.Empty(Steps(Image("untag", "sha256:aa", "sha256:aa")));
        Assert.Empty(Steps(Image("delete", "sha256:aa", "sha256:aa")));
        Assert.Equal(0, _translation.GuessCount);
    }

    [Fact]
    public void An_unknown_id_is_taken_for_the_image_pulled_last_and_counted_as_a_guess()
    {
        _ = Steps(Image("pull", "a:1", "a"));
        _ = Steps(Image("pull", "b:1", "b"));
        Assert.Equal(["rmi b:1"], Steps(Image("untag", "sha256:bb", "sha256:bb")));
        Assert.Equal(1, _translation.GuessCount);
        Assert.Equal(["rmi a:1"], Steps(Image("untag", "sha256:aa", "sha256:aa")));
        Assert.Equal(1, _translation.GuessCount);
        Assert.Empty(Steps(Image("untag", "sha256:cc", "sha256:cc")));
    }

    [Fact]
    public void A_build_is_its_containers_and_commits()
    {
        _ = Steps(Image("pull", "a:1", "a"));
        _ = Steps(Container("create", "c1", "a:1", "angry_turing"));
        DockerEvent commit = new("container", "commit", "c1", "angry_turing", "a:1", "sha256:1234567890abcdef", "");
        Assert.Equal(["commit angry_turing committed/1234567890ab:latest"], Steps(commit));
        Assert.Equal(["tag committed/1234567890ab:latest app:1"], Steps(Image("tag", "sha256:1234567890abcdef", "app:1")));
    }

    private string[] Steps(DockerEvent e) => [.. _translation.Translate(e).Select(step => step switch
    {
        Step.Pull pull => $"pull {pull.Image.Tag}",
        Step.Tag tag => $"tag {tag.Reference} {tag.NewReference}",
        Step.CreateContainer create => $"create {create.Container} of {create.Reference}",
        Step.Start start => $"start {start.Container}",
        Step.Stop stop => $"stop {stop.Container}",
        Step.RemoveContainer remove => $"rm {remove.Container}",
        Step.RemoveImage remove => $"rmi {remove.Reference}",
        Step.Commit made => $"commit {made.Container} {made.NewReference}",
        _ => step.GetType().Name,
    })];

    private static DockerEvent Image(string action, string id, string name) => new("image", action, id, name, null, null, null);

    private static DockerEvent Container(string action, string id, string image, string name) => new("container", action, id, name, image, null, null);
}
