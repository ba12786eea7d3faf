using System.Collections.Immutable;
using StorageLab.Model.Blocks;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;

namespace StorageLab.Shell.Sessions;

/// <summary>A host at one moment: what it holds and what its floors have counted, to be compared with a later moment.</summary>
/// <param name="Sample">Its last sample.</param>
/// <param name="Images">All images, with the name each had.</param>
/// <param name="Layers">All layers.</param>
/// <param name="Counters">What has arrived at each floor, indexed by <see cref="Floor"/>; null where the stack has no such floor.</param>
public sealed record HostSnapshot(
    Sample Sample, ImmutableArray<(Image Image, string Name)> Images, ImmutableHashSet<Layer> Layers, ImmutableArray<IoCounters?> Counters)
{
    public static HostSnapshot Of(LabSession session)
    {
        DockerEngine engine = session.Host.Engine;
        return new HostSnapshot(
            session.Last,
            [.. engine.Images.All.Select(image => (image, NameOf(engine, image)))],
            [.. engine.Layers.All],
            [.. Enum.GetValues<Floor>().Select(session.Host.Driver.CountersAt)]);
    }

    private static string NameOf(DockerEngine engine, Image image) =>
        engine.Images.References.Of(image.Id).FirstOrDefault() is { } name ? name.Familiar : ContentIds.Truncated(image.Id);
}
