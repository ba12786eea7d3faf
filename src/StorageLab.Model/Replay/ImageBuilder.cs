using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;

namespace StorageLab.Model.Replay;

/// <summary>docker build with the classic builder: every instruction works in a container of the image before it, which is committed and removed.</summary>
/// <remarks>An instruction that an earlier build ran on the same parent is taken from the cache. Source: builder/dockerfile/internals.go.</remarks>
public sealed class ImageBuilder(DockerEngine engine, ContainerProcess process)
{
    private const string RunPrefix = "RUN ";

    private int _containerCount;

    public DockerOutcome Build(Step.Build build)
    {
        if (ImageName.TryParse(build.NewReference, out string? error) is not { } name)
            return DockerOutcome.Refused(error!);
        if (engine.Images.Find(build.FromReference, out _) is not { } image)
            return DockerOutcome.Refused($"pull access denied for {build.FromReference}, repository does not exist or may require 'docker login'");
        foreach (BuildInstruction instruction in build.Instructions)
        {
            if (engine.Images.TryGetCached(image.Id, instruction.Text, out Image? cached))
            {
                image = cached!;
                continue;
            }

            DockerOutcome outcome = Make(image, StartsContainer(instruction), Describe(image, instruction), work => Run(work, instruction), out Image? made);
            if (!outcome.IsOk)
                return outcome;
            image = made!;
        }

        return engine.Tag(image, name);
    }

    /// <summary>Makes the image of one instruction.</summary>
    /// <param name="parent">The image before it.</param>
    /// <param name="starts">Whether the instruction runs a process; one that only changes the configuration has a container that never starts.</param>
    /// <param name="description">What the new image says of itself.</param>
    /// <param name="work">What is done in the container.</param>
    /// <param name="image">The new image; null when something failed.</param>
    public DockerOutcome Make(Image parent, bool starts, CommitDescription description, Func<Container, DockerOutcome> work, out Image? image)
    {
        image = null;
        DockerOutcome outcome = engine.CreateContainer(
            new ContainerRequest { Reference = parent.Id, Name = $"build-{++_containerCount}" }, out Container? container);
        if (!outcome.IsOk)
            return outcome;
        if (starts)
            outcome = engine.Start(container!);
        if (outcome.IsOk)
            outcome = work(container!);
        if (container!.IsRunning)
        {
            DockerOutcome stopped = engine.Stop(container, exitCode: 0);
            outcome = outcome.IsOk ? stopped : outcome;
        }

        if (outcome.IsOk)
            outcome = engine.Commit(container, name: null, description, out image);
        DockerOutcome removed = engine.RemoveContainer(container.Id, force: true);
        return outcome.IsOk ? removed : outcome;
    }

    private DockerOutcome Run(Container container, BuildInstruction instruction)
    {
        if (instruction.Operations.IsEmpty)
            return DockerOutcome.Ok;
        FsStatus status = process.Run(container.Tree!, container.Changes, instruction.Operations, out string? error);
        return status == FsStatus.Ok
            ? DockerOutcome.Ok
            : DockerOutcome.From(DriverOutcome.Failed($"The command '{instruction.Text}' failed: {error}"));
    }

    private static bool StartsContainer(BuildInstruction instruction) =>
        !instruction.Operations.IsEmpty || instruction.Text.StartsWith(RunPrefix, StringComparison.Ordinal);

    /// <summary>History as the classic builder writes it: the shell's line for RUN, a comment for all else.</summary>
    private static CommitDescription Describe(Image parent, BuildInstruction instruction)
    {
        string text = instruction.Text;
        string[] command = text.StartsWith(RunPrefix, StringComparison.Ordinal)
            ? ["/bin/sh", "-c", text[RunPrefix.Length..]]
            : ["/bin/sh", "-c", "#(nop) ", text];
        return new CommitDescription
        {
            Configuration = parent.Configuration.Configuration,
            ContainerConfiguration = parent.Configuration.Configuration with { Command = [.. command] },
            CacheKey = text,
        };
    }
}
