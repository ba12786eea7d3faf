using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Docker.Containers;
using StorageLab.Shell.Docker.Images;
using StorageLab.Shell.Docker.Volumes;
using StorageLab.Shell.Text;

namespace StorageLab.Shell.Docker.Daemon;

/// <summary><c>docker system prune</c>.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/system/prune.go.</remarks>
internal static class SystemPrune
{
    public static DockerCommand Build() => new("system prune", ArgumentCount.None, Run);

    private static int Run(Invocation call)
    {
        bool all = call.Flags.Is("all");
        bool withVolumes = call.Flags.Is("volumes");
        IReadOnlyList<string> filters = call.Flags.Texts("filter");
        if (withVolumes && filters.Any(filter => filter.StartsWith("until=", StringComparison.Ordinal)))
            throw new CommandException("ERROR: The \"until\" filter is not supported with \"--volumes\"");
        if (!call.Flags.Is("force") && !call.IsConfirmed(Warning(all, withVolumes, filters)))
            return 0;
        long bytes = ContainerPrune.Prune(call, new Filters(filters), out string output);
        WritePart(call, output);
        if (withVolumes)
        {
            bytes += VolumePrune.Prune(call, new Filters(filters), out output);
            WritePart(call, output);
        }

        bytes += ImagePrune.Prune(call, all, new Filters(filters), out output);
        WritePart(call, output);
        call.WriteLine($"Total reclaimed space: {DockerUnits.HumanSize(bytes)}");
        return 0;
    }

    private static void WritePart(Invocation call, string output)
    {
        if (output.Length > 0)
            call.WriteLine(output);
    }

    private static string Warning(bool all, bool withVolumes, IReadOnlyList<string> filters)
    {
        string volumes = withVolumes ? "  - all volumes not used by at least one container\n" : "";
        string images = all ? "all images without at least one container associated to them" : "all dangling images";
        string cache = all ? "all build cache" : "all dangling build cache";
        string filtered = filters.Count == 0 ? "" : "\n  Items to be pruned will be filtered with:\n" + string.Concat(filters.Select(filter => $"  - {filter}\n"));
        return $"WARNING! This will remove:\n  - all stopped containers\n  - all networks not used by at least one container\n{volumes}  - {images}\n  - {cache}\n{filtered}";
    }
}
