using System.Collections.Immutable;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;

namespace StorageLab.Host.Docker;

/// <summary>What a scenario will make on a daemon, found before anything is made.</summary>
/// <param name="References">Names of images that its steps give, in full with their tag.</param>
/// <param name="Containers">Names of containers that its steps make.</param>
/// <param name="RestartsDaemon">Whether a step stops the daemon.</param>
public sealed record StepPlan(ImmutableHashSet<string> References, ImmutableHashSet<string> Containers, bool RestartsDaemon)
{
    public static StepPlan Of(IEnumerable<Step> steps)
    {
        ImmutableHashSet<string>.Builder references = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        ImmutableHashSet<string>.Builder containers = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        var restarts = false;
        foreach (Step step in steps)
        {
            switch (step)
            {
                case Step.Pull pull: references.Add(InFull(pull.Image.Tag)); break;
                case Step.Load load: references.Add(InFull(load.Image.Tag)); break;
                case Step.Tag tag: references.Add(InFull(tag.NewReference)); break;
                case Step.Commit commit: references.Add(InFull(commit.NewReference)); break;
                case Step.Build build: references.Add(InFull(build.NewReference)); break;
                case Step.Run run: containers.Add(run.Container); break;
                case Step.CreateContainer create: containers.Add(create.Container); break;
                case Step.RestartDaemon: restarts = true; break;
            }
        }

        return new StepPlan(references.ToImmutable(), containers.ToImmutable(), restarts);
    }

    /// <summary>Refuses a host where the scenario would touch what is there already, or would do what the host does not allow.</summary>
    /// <exception cref="MeasureException">It does; nothing was done.</exception>
    public void Check(DockerDaemon daemon, IHostControl host, CancellationToken cancellation)
    {
        if (RestartsDaemon && !host.CanRestartDaemon)
            throw new MeasureException("the scenario restarts the daemon, and this one is not the lab's to stop; measure it with --machine uml");
        if (daemon.ListReferences(cancellation).FirstOrDefault(image => !image.IsOurs && References.Contains(InFull(image.Reference))).Reference is { } reference)
            throw new MeasureException($"{reference} is on this host already and is not the lab's; the scenario would move or remove it");
        if (daemon.ListContainers(cancellation).FirstOrDefault(container => !container.IsOurs && Containers.Contains(container.Name)).Name is { } name)
            throw new MeasureException($"a container {name} is on this host already and is not the lab's; the scenario would use or remove it");
    }

    private static string InFull(string reference) =>
        ImageName.TryParse(reference, out _) is { } name ? name.WithDefaultTag().Familiar : reference;
}
