using System.Globalization;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Reports;

namespace StorageLab.Cli;

/// <summary>Steps as the commands that would do them on a real host.</summary>
internal static class StepText
{
    public static string Of(Step step, NameTable names) => step switch
    {
        Step.Pull pull => $"docker pull {pull.Image.Tag}",
        Step.Load load => $"docker load -i {load.Image.Tag}",
        Step.Tag tag => $"docker tag {tag.Reference} {tag.NewReference}",
        Step.Run run => $"docker run -d --name {run.Container} {run.Reference}",
        Step.CreateContainer create => $"docker create --name {create.Container} {create.Reference}",
        Step.Start start => $"docker start {start.Container}",
        Step.Stop stop => $"docker stop {stop.Container}",
        Step.RemoveContainer remove => $"docker rm {(remove.Force ? "-f " : "")}{remove.Container}",
        Step.RemoveImage remove => $"docker rmi {(remove.Force ? "-f " : "")}{remove.Reference}",
        Step.PruneImages prune => prune.All ? "docker image prune -a" : "docker image prune",
        Step.PruneContainers => "docker container prune",
        Step.Commit commit => $"docker commit {commit.Container} {commit.NewReference}",
        Step.Build build => $"docker build -t {build.NewReference} . (FROM {build.FromReference}, {build.Instructions.Length} instructions)",
        Step.Write write => $"docker exec {write.Container} sh -c '{string.Join("; ", write.Operations.Select(o => Of(o, names)))}'",
        Step.Fstrim fstrim => $"fstrim the root of container {fstrim.Container}",
        Step.FstrimHost => "fstrim /var/lib/docker",
        Step.SystemDf => "docker system df",
        Step.RestartDaemon => "systemctl restart docker",
        Step.Wait wait => $"sleep {(wait.Nanoseconds / 1e9).ToString("0.###", CultureInfo.InvariantCulture)}",
        Step.DropCaches => "echo 3 > /proc/sys/vm/drop_caches",
        Step.Observe => "# observe",
        _ => step.GetType().Name,
    };

    private static string Of(ContainerOperation operation, NameTable names) => operation switch
    {
        ContainerOperation.Create o => $"create {o.Path.ToString(names)} {IecBytes.Format(o.LengthBytes)}",
        ContainerOperation.Append o => $"append {IecBytes.Format(o.LengthBytes)} to {o.Path.ToString(names)}",
        ContainerOperation.Overwrite o => $"overwrite {o.OffsetsBytes.Length} x {IecBytes.Format(o.BlockBytes)} of {o.Path.ToString(names)}",
        ContainerOperation.CreateMany o => $"create {o.SizesBytes.Length} files in {o.Directory.ToString(names)}",
        ContainerOperation.Truncate o => $"truncate {o.Path.ToString(names)} to {IecBytes.Format(o.SizeBytes)}",
        ContainerOperation.Rename o => $"mv {o.Path.ToString(names)} {o.NewPath.ToString(names)}",
        ContainerOperation.Delete o => $"rm {o.Path.ToString(names)}",
        ContainerOperation.DeleteTree o => $"rm -rf {o.Path.ToString(names)}",
        ContainerOperation.ChangeMode o => $"chmod {o.Path.ToString(names)}",
        ContainerOperation.Link o => $"ln {o.Path.ToString(names)} {o.NewPath.ToString(names)}",
        ContainerOperation.MakeDirectory o => $"mkdir -p {o.Path.ToString(names)}",
        ContainerOperation.ReadFile o => $"cat {o.Path.ToString(names)}",
        ContainerOperation.ReadTree o => $"cat -r {o.Path.ToString(names)}",
        _ => operation.GetType().Name,
    };
}
