using System.Text.Json;
using Xunit;

namespace StorageLab.Cli.Tests;

/// <summary>Every scenario that is shipped runs to its end on every driver and shows what its title promises.</summary>
public sealed class ShippedScenarioTests : IDisposable
{
    private readonly Storagelab _storagelab = new();

    public static TheoryData<string> Scenarios =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "scenarios"), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public void Dispose() => _storagelab.Dispose();

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_shipped_scenario_runs_to_its_end(string name)
    {
        Storagelab.Result result = _storagelab.Run("run", name, "--quiet", "--out", "out");
        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));
        string[] rows = File.ReadAllLines(Path.Combine(_storagelab.Folder, "out", "samples.csv"));
        JsonElement[] variants = Variants();
        // Beside its steps every variant has a row of the fresh host.
        Assert.Equal(1 + variants.Sum(v => v.GetProperty("steps").GetInt32() + 1), rows.Length);
        // Only the pool that is meant to fill up makes steps fail.
        Assert.Equal(name == "pool-full", variants.Any(v => v.GetProperty("failed_steps").GetInt32() > 0));
    }

    [Fact]
    public void Without_discards_the_loop_file_never_comes_down_while_the_others_do()
    {
        Assert.Equal(0, _storagelab.Run("run", "pull-delete-churn", "--quiet", "--out", "out").ExitCode);
        foreach (JsonElement variant in Variants())
        {
            long peak = variant.GetProperty("peak_backing_bytes").GetInt64();
            long final = variant.GetProperty("final_backing_bytes").GetInt64();
            bool keepsAll = variant.GetProperty("options").GetString()!.Contains("dm.blkdiscard=false", StringComparison.Ordinal);
            Assert.True(keepsAll ? final == peak : final < peak / 10, $"{variant.GetProperty("variant")} went from {peak} to {final} bytes");
        }
    }

    private JsonElement[] Variants()
    {
        JsonElement summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(_storagelab.Folder, "out", "summary.json"))).RootElement;
        return [.. summary.GetProperty("variants").EnumerateArray()];
    }
}
