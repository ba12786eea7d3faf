using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Text;

namespace StorageLab.Shell.Docker.Images;

/// <summary><c>docker image prune</c>.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/image/prune.go; moby v20.10.24, daemon/images/image_prune.go.</remarks>
internal static class ImagePrune
{
    private const string DanglingWarning = "WARNING! This will remove all dangling images.";
    private const string AllWarning = "WARNING! This will remove all images without at least one container associated to them.";

    public static DockerCommand Build() => new("image prune", ArgumentCount.None, Run);

    /// <summary>Removes what the filters let go.</summary>
    /// <param name="output">Takes the list of what went, ready to print; empty for nothing.</param>
    /// <returns>Bytes of the layers that went.</returns>
    public static long Prune(Invocation call, bool all, Filters filters, out string output)
    {
        filters.Allow("dangling", "label", "label!", "until");
        filters.Add("dangling", all ? "false" : "true");
        bool danglingOnly = !filters.Boolean("dangling", ["false", "0"], ["true", "1"])!.Value;
        Timestamp? until = PruneUntil.Of(filters, call.Host.Now);
        List<RemovalRecord> records = [];
        DockerOutcome outcome = call.Engine.PruneImages(!danglingOnly, records, image =>
            (until is not { } limit || image.Configuration.Created <= limit) && filters.PassesLabels(image.Configuration.Configuration.Labels));
        call.DemandDone("prune", danglingOnly ? "images" : "images -a", outcome);
        output = records.Count == 0
            ? ""
            : "Deleted Images:\n" + string.Concat(records.Select(record => (record.IsUntag ? "untagged: " : "deleted: ") + record.Name + "\n"));
        return records.Sum(record => record.LayerBytes);
    }

    private static int Run(Invocation call)
    {
        bool all = call.Flags.Is("all");
        var output = "";
        long bytes = 0;
        if (call.Flags.Is("force") || call.IsConfirmed(all ? AllWarning : DanglingWarning))
            bytes = Prune(call, all, new Filters(call.Flags.Texts("filter")), out output);
        if (output.Length > 0)
            call.WriteLine(output);
        call.WriteLine($"Total reclaimed space: {DockerUnits.HumanSize(bytes)}");
        return 0;
    }
}
