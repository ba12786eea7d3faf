using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Text;

namespace StorageLab.Shell.Docker.Containers;

/// <summary><c>docker container prune</c>.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/container/prune.go; moby v20.10.24, daemon/prune.go.</remarks>
internal static class ContainerPrune
{
    private const string Warning = "WARNING! This will remove all stopped containers.";

    public static DockerCommand Build() => new("container prune", ArgumentCount.None, Run);

    /// <summary>Removes stopped containers.</summary>
    /// <param name="output">Takes the list of what went, ready to print; empty for nothing.</param>
    /// <returns>Bytes they had written.</returns>
    public static long Prune(Invocation call, Filters filters, out string output)
    {
        filters.Allow("label", "label!", "until");
        Timestamp? until = PruneUntil.Of(filters, call.Host.Now);
        Container[] stopped =
        [
            .. call.Engine.Containers.All.Reverse().Where(container => !container.IsRunning
                && (until is not { } limit || container.Created <= limit) && filters.PassesLabels(container.Configuration.Labels)),
        ];
        long bytes = 0;
        output = "";
        foreach (Container container in stopped)
        {
            call.DemandDone("prune", "containers", call.Engine.MeasureContainer(container, out long written));
            call.DemandDone("prune", "containers", call.Engine.RemoveContainer(container.Id, force: false));
            bytes += written;
            output += container.Id + "\n";
        }

        if (output.Length > 0)
            output = "Deleted Containers:\n" + output;
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
