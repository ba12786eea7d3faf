using System.Collections.Immutable;
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

            BuildWork step = new()
            {
                Name = $"build-{++_containerCount}",
                Starts = StartsContainer(instruction),
                Description = Describe(image, instruction),
                Work = container => Run(container, instruction),
            };
            DockerOutcome outcome = Make(image, step, out Image? made, out Container? container);
            if (!outcome.IsOk)
            {
                if (container is not null)
                    _ = engine.RemoveContainer(container.Id, force: true);
                return outcome;
            }

            image = made!;
        }

        return engine.Tag(image, name);
    }

    /// <summary>Makes the image of one instruction. A container whose work failed stays, as Docker leaves it.</summary>
    /// <param name="parent">The image before it.</param>
    /// <param name="step">What is done.</param>
    /// <param name="image">The new image; null when something failed.</param>
    /// <param name="container">The container it was made in; null when there was no room for one.</param>
    public DockerOutcome Make(Image parent, BuildWork step, out Image? image, out Container? container)
    {
        image = null;
        ContainerRequest request = new()
        {
            Reference = parent.Id,
            Name = step.Name,
            Configuration = new ContainerConfiguration { Command = step.Command.IsEmpty ? null : step.Command },
        };
        DockerOutcome outcome = engine.CreateContainer(request, out container);
        if (!outcome.IsOk)
            return outcome;
        if (step.Starts)
            outcome = engine.Start(container!);
        if (outcome.IsOk)
            outcome = WorkIn(container!, step);
        if (!outcome.IsOk)
            return outcome;
        outcome = engine.Commit(container!, name: null, step.Description, out image);
        if (step.KeepsContainer)
            return outcome;
        DockerOutcome removed = engine.RemoveContainer(container!.Id, force: true);
        return outcome.IsOk ? removed : outcome;
    }

    /// <summary>Does something to the files of a container that is not started: WORKDIR, COPY.</summary>
    public DockerOutcome DoUnstarted(Container container, ImmutableArray<ContainerOperation> operations)
    {
        var status = FsStatus.Ok;
        string? error = null;
        DockerOutcome outcome = engine.WithMounted(container, tree => status = process.Run(tree, container.Changes, operations, out error));
        return outcome.IsOk && status != FsStatus.Ok ? DockerOutcome.From(DriverOutcome.Failed(error!)) : outcome;
    }

    /// <summary>The process ends in any case, also when what it does throws.</summary>
    private DockerOutcome WorkIn(Container container, BuildWork step)
    {
        try
        {
            return step.Work(container);
        }
        finally
        {
            if (container.IsRunning)
                _ = engine.Stop(container, container.ExitCode);
        }
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
