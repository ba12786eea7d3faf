using StorageLab.Model.Drivers;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;

namespace StorageLab.Model.Replay;

/// <summary>docker build with the classic builder: every instruction runs in a container of the image before it, which is committed and removed.</summary>
/// <remarks>An instruction that an earlier build ran on the same parent is taken from the cache. Source: builder/dockerfile/internals.go.</remarks>
public sealed class ImageBuilder(DockerEngine engine, ContainerProcess process)
{
    private int _containerCount;

    public DockerOutcome Build(Step.Build build)
    {
        if (!engine.Images.TryFind(build.FromReference, out Image? image))
            return DockerOutcome.Refused($"pull access denied for {build.FromReference}, repository does not exist or may require 'docker login'");
        foreach (BuildInstruction instruction in build.Instructions)
        {
            if (engine.Images.TryGetCached(image!.Id, instruction.Text, out Image? cached))
            {
                image = cached;
                continue;
            }

            DockerOutcome outcome = Run(image, instruction, out image);
            if (!outcome.IsOk)
                return outcome;
        }

        return DockerOutcome.From(engine.Images.Tag(build.NewReference, image!.Id), "failed to save the tag: ");
    }

    private DockerOutcome Run(Image parent, BuildInstruction instruction, out Image? image)
    {
        image = null;
        string name = $"build-{++_containerCount}";
        DockerOutcome outcome = engine.CreateContainer(parent.Id, name, out Container? container);
        if (!outcome.IsOk)
            return outcome;
        outcome = engine.Start(container!);
        if (outcome.IsOk)
        {
            FsStatus status = process.Run(container!.Tree!, container.Changes, instruction.Operations, out string? error);
            outcome = engine.Stop(name);
            if (status != FsStatus.Ok)
                outcome = DockerOutcome.From(DriverOutcome.Failed($"The command '{instruction.Text}' failed: {error}"));
        }

        if (outcome.IsOk)
            outcome = engine.Commit(container!, newReference: null, instruction.Text, out image);
        DockerOutcome removed = engine.RemoveContainer(name, force: true);
        return outcome.IsOk ? removed : outcome;
    }
}
