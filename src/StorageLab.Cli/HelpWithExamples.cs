using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace StorageLab.Cli;

/// <summary>The library's help, with examples of the verb and the exit codes below it.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string[]> Examples = new(StringComparer.Ordinal)
    {
        ["storagelab"] = ["storagelab run pull-delete-churn", "storagelab list", "storagelab run --help"],
        ["run"] =
        [
            "storagelab run pull-delete-churn",
            "storagelab run loop-file-growth --out reports/growth",
            "storagelab run pull-delete-churn --driver loop-lvm --set dm.blkdiscard=false",
            "storagelab run many-small-files --driver direct-lvm --driver overlay2 --vary dm.blocksize=64K,128K,256K,512K",
            "storagelab run ./my-scenario.yaml --seed 7 --json > summary.json",
            "storagelab run pool-full --driver loop-lvm --thin-dump --out full",
        ],
        ["measure"] =
        [
            "storagelab measure pull-delete-churn --machine uml --driver loop-lvm    # no root; storagelab doctor says what it needs",
            "storagelab measure ./my-scenario.yaml --machine uml --driver overlay2 --keep --out real",
            "storagelab measure recordings/runs/S0-loop-lvm --machine uml            # a recorded run's steps once more",
            "sudo storagelab measure ./my-scenario.yaml --host unix:///var/run/docker.sock",
        ],
        ["doctor"] = ["storagelab doctor", "storagelab doctor --json | jq -r .install"],
        ["replay"] =
        [
            "storagelab replay cleanup.sh",
            "storagelab replay lesson.txt --driver loop-lvm --set dm.blkdiscard=false    # a terminal's transcript works too",
            "storagelab replay cleanup.sh --scenario ci-host --plain                       # behind a year of builds",
            "storagelab replay cleanup.sh --scenario loop-file-growth --fresh              # on its hosts and drivers only",
        ],
        ["shell"] =
        [
            "storagelab shell",
            "storagelab shell --driver loop-lvm --set dm.blkdiscard=false",
            "storagelab shell --scenario ci-host",
            "echo 'docker pull nginx:1.22; docker image ls' | storagelab shell",
        ],
        ["validate"] =
        [
            "storagelab validate runs/S1-loop-lvm",
            "storagelab validate recordings",
            "storagelab validate --max-error 5% --out agreement runs/*",
            "storagelab validate --machine uml ./my-scenario.yaml --driver loop-lvm    # measures it first",
        ],
        ["advise"] =
        [
            "storagelab advise                                      # this machine",
            "mkdir web1 && cd web1                                  # another: on it, fill a folder and bring it here",
            .. Advising.LocalHost.Commands.Select(command => "  " + command),
            "storagelab advise --host web1 --images-per-week 20 --writes-per-day 5G --hosts 40",
            "storagelab advise --kernel 3.10.0-327.el7 --docker 1.13 --filesystem xfs --ftype 0 --disk 200G",
        ],
        ["compare"] =
        [
            "storagelab compare reports/pull-delete-churn:loop-lvm reports/pull-delete-churn:overlay2",
            "storagelab compare before after --out before-and-after",
        ],
        ["check-config"] =
        [
            "storagelab check-config /etc/docker/daemon.json",
            "storagelab check-config daemon.json /etc/sysconfig/docker-storage --kernel 3.10.0-1160.el7 --ftype 1",
            "storagelab check-config --fix daemon.json > daemon.json.new",
        ],
        ["report"] = ["storagelab report reports/pull-delete-churn", "storagelab report results --out /tmp/page.html"],
        ["show"] = ["storagelab show pull-delete-churn", "storagelab show ci-host | head -40"],
        ["list"] = ["storagelab list", "storagelab list options"],
        ["model"] = ["storagelab model", "storagelab model xfs", "storagelab model --json metadata | jq '.[].source'"],
        ["import"] = ["storagelab import thin-dump pool.xml.gz", "storagelab import docker-events events.jsonl"],
        ["docker-events"] =
        [
            "docker events --since 720h --until now --format '{{json .}}' > events.jsonl   # on the host",
            "storagelab import docker-events events.jsonl",
            "storagelab import docker-events events.jsonl --size our/app:1=480MB --size our/app:2=481MB",
        ],
        ["registry-trace"] =
        [
            "storagelab import registry-trace prod-dal09-logstash-2017.06.20-0.json --default-size 100MB",
            "storagelab import registry-trace access.json.gz --driver overlay2 --out trace",
        ],
        ["thin-dump"] =
        [
            "thin_dump /dev/mapper/docker-thinpool_tmeta | gzip > pool.xml.gz   # on the host, its metadata snapshot reserved or the pool inactive",
            "storagelab import thin-dump pool.xml.gz",
            "storagelab import thin-dump pool.xml.gz --delete 7 --delete 9",
            "storagelab import thin-dump pool.xml.gz --snapshot 3 --overwrite 3",
            "storagelab import thin-dump pool.xml.gz --block-size 512K --json",
        ],
        ["schema"] = ["storagelab schema > scenario.schema.json"],
        ["completion"] = ["source <(storagelab completion bash)", "storagelab completion fish > ~/.config/fish/completions/storagelab.fish"],
    };

    public override int Invoke(ParseResult parseResult)
    {
        int code = help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        Command command = parseResult.CommandResult.Command;
        string key = command is RootCommand ? "storagelab" : command.Name;
        if (Examples.TryGetValue(key, out string[]? lines))
        {
            output.WriteLine("Examples:");
            foreach (string line in lines)
                output.WriteLine("  " + line);
            output.WriteLine();
        }
        if (key is "storagelab" or "run" or "replay" or "check-config" or "measure")
            output.WriteLine(ExitCode.Table);
        return code;
    }
}
