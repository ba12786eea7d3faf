using Xunit;

namespace StorageLab.Cli.Tests;

/// <summary>Scenarios and the shell share one path: a step and the same Docker command leave the same samples on every driver.</summary>
public sealed class ParityTests : IDisposable
{
    private const string Scenario =
        """
        title: Parity
        steps:
          - pull: nginx:1.22
          - tag: {image: nginx:1.22, as: "mine:1"}
          - run: {image: nginx:1.22, name: box}
          - stop: box
          - start: box
          - rmi: nginx:1.22
          - rm: {name: box, force: true}
          - rmi: mine:1
          - system-df
          - rmi: nginx:1.22
          - pull: redis:7.0
          - prune: all

        """;

    private const string Script =
        """
        docker pull nginx:1.22
        docker tag nginx:1.22 mine:1
        docker run -d --name box nginx:1.22
        docker stop box
        docker start box
        docker rmi nginx:1.22
        docker rm -f box
        docker rmi mine:1
        docker system df
        docker rmi nginx:1.22
        docker pull redis:7.0
        docker image prune -af

        """;

    private readonly Storagelab _storagelab = new();

    public void Dispose() => _storagelab.Dispose();

    [Fact]
    public void A_step_and_the_same_command_give_the_same_samples()
    {
        _storagelab.Write("parity.yaml", Scenario);
        _storagelab.Write("parity.sh", Script);
        Assert.Equal(0, _storagelab.Run("run", "parity.yaml", "--quiet", "--out", "steps").ExitCode);
        Assert.Equal(0, _storagelab.Run("replay", "parity.sh", "--quiet", "--out", "commands").ExitCode);
        string[] steps = Samples("steps");
        Assert.Equal(1 + 4 * 13, steps.Length);
        Assert.Equal(steps, Samples("commands"));
    }

    /// <summary>The rows without what names the step: its scenario, operation, target and error.</summary>
    private string[] Samples(string folder)
    {
        string[] rows = File.ReadAllLines(Path.Combine(_storagelab.Folder, folder, "samples.csv"));
        string[] names = rows[0].Split(',');
        int[] kept = [.. Enumerable.Range(0, names.Length).Where(column => names[column] is not ("scenario" or "op" or "target" or "error"))];
        return [.. rows.Select(row => string.Join(',', kept.Select(column => row.Split(',')[column])))];
    }
}
