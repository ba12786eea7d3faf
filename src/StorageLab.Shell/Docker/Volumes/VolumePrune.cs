using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Text;

namespace StorageLab.Shell.Docker.Volumes;

/// <summary><c>docker volume prune</c>.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/volume/prune.go.</remarks>
internal static class VolumePrune
{
    private const string Warning = "WARNING! This will remove all local volumes not used by at least one container.";

    public static DockerCommand Build() => new("volume prune", ArgumentCount.None, Run);

    /// <summary>Removes volumes that no container mounts.</summary>
    /// <param name="output">Takes the list of what went, ready to print; empty for nothing.</param>
    /// <returns>Bytes of their files.</returns>
    public static long Prune(Invocation call, Filters filters, out string output)
    {
        filters.Allow("label", "label!");
        long bytes = 0;
        output = "";
        foreach (Volume volume in call.Engine.Volumes.All.Where(volume => !VolumeList.IsUsed(call.Engine, volume) && filters.PassesLabels(volume.Labels)).ToArray())
        {
            bytes += VolumeStore.MeasureBytes(volume);
            call.Engine.Volumes.Remove(volume);
            output += volume.Name + "\n";
        }

        call.Did("prune", "volumes", DockerOutcome.Ok);
        if (output.Length > 0)
            output = "Deleted Volumes:\n" + output;
        return bytes;
    }

    private static int Run(Invocation call)
    {
        var output = "";
        long bytes = 0;
        if (call.Flags.Is("force") || call.IsConfirmed(Warning))
            bytes = Prune(call, new Filters(call.Flags.Texts("filter")), out output);
        if (output.Length > 0)
            call.WriteLine(output);
        call.WriteLine($"Total reclaimed space: {DockerUnits.HumanSize(bytes)}");
        return 0;
    }
}
