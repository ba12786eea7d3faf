using StorageLab.Model.Maps;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Reports;
using StorageLab.Scenarios;

namespace StorageLab.Browser.Tests;

/// <summary>A small run on two drivers and the page it left.</summary>
public sealed class ReportedRun : IDisposable
{
    /// <summary>What a hostile name would do if it were taken for markup.</summary>
    public const string Hostile = "<img src=x onerror=document.title='owned'>";

    private const string Yaml = $$$"""
        title: "{{{Hostile}}}</script><script>document.title='owned'</script>"
        hosts:
          old: {kernel: 3.10.0-1160.el7, disk: 40GiB, profile: hdd-7200, filesystem: xfs}
        drivers:
          - {name: "{{{Hostile}}}", driver: loop-lvm, host: old, options: {dm.blkdiscard: false}}
          - {name: overlay2, driver: overlay2, host: old}
        steps:
          - pull: nginx:1.22
          - pull: redis:7.0
          - run: {image: nginx:1.22, name: web}
          - write: {in: web, path: /data, size: 20MiB}
          - rm: {name: web, force: true}
          - rmi: nginx:1.22
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("storagelab-page").FullName;

    public ReportedRun()
    {
        string path = Path.Combine(_folder, "small.yaml");
        File.WriteAllText(path, Yaml);
        Scenario scenario = new ScenarioReader(ScenarioLibrary.Shipped).Read(path, new ScenarioOverrides());
        using RunReport report = new(_folder, scenario);
        for (var index = 0; index < scenario.Variants.Length; index++)
        {
            Replayer replayer = new(scenario, scenario.Variants[index]);
            DiskMapper mapper = new(replayer.Host);
            foreach (Sample sample in replayer.Run(CancellationToken.None))
            {
                report[index].AddMap(sample.StepIndex, mapper.Read());
                report[index].Add(sample);
            }
        }

        _ = report.Finish();
        Page = report.HtmlPath;
    }

    /// <summary>Path of the page.</summary>
    public string Page { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
