using StorageLab.Model.Measurement;

namespace StorageLab.Reports.Html;

/// <summary>The command that a sample's step stands for, as somebody would have typed it.</summary>
internal static class SampleCommand
{
    public static string Of(Sample sample)
    {
        string target = sample.Target;
        // A run's and a create's target is the container and its image.
        string[] words = target.Split(' ', 2);
        return sample.Operation switch
        {
            "daemon-start" => "systemctl start docker",
            "restart-daemon" => "systemctl restart docker",
            "run" when words.Length == 2 => $"docker run -d --name {words[0]} {words[1]}",
            "create" when words.Length == 2 => $"docker create --name {words[0]} {words[1]}",
            "load" => $"docker load -i {target}",
            "build" => $"docker build -t {target} .",
            "prune" => target == "containers" ? "docker container prune" : $"docker image prune{(target.EndsWith("-a", StringComparison.Ordinal) ? " -a" : "")}",
            "write" => $"docker exec {target} sh -c 'write …'",
            "fstrim" => $"fstrim (container {target})",
            "fstrim-host" => $"fstrim {target}",
            "system-df" => "docker system df",
            "wait" => "sleep",
            "drop-caches" => "echo 3 > /proc/sys/vm/drop_caches",
            "observe" => "# observe",
            _ => $"docker {sample.Operation} {target}".TrimEnd(),
        };
    }
}
