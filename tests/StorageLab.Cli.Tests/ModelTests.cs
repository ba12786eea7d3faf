using System.Text.Json;
using Xunit;

namespace StorageLab.Cli.Tests;

public sealed class ModelTests : IDisposable
{
    private readonly Storagelab _storagelab = new();

    public void Dispose() => _storagelab.Dispose();

    [Fact]
    public void Every_constant_has_a_unit_a_meaning_and_a_source()
    {
        Storagelab.Result result = _storagelab.Run("model", "--json");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement[] constants = [.. json.RootElement.EnumerateArray()];
        Assert.All(constants, constant => Assert.All(
            (string[])["part", "name", "unit", "meaning", "source"],
            field => Assert.False(string.IsNullOrWhiteSpace(constant.GetProperty(field).GetString()), $"{constant} has no {field}")));
        Assert.Contains(constants, constant => constant.GetProperty("name").GetString() == "ThinPool.NoSpaceTimeoutNanoseconds" && constant.GetProperty("value").GetInt64() == 60_000_000_000);
        Assert.Contains(constants, constant => constant.GetProperty("name").GetString() == "hdd-7200.SeekNanoseconds");
    }

    [Fact]
    public void One_part_or_a_word_is_enough_to_ask_for()
    {
        Storagelab.Result part = _storagelab.Run("model", "kernel");
        Assert.StartsWith("kernel: changes of the kernel", part.Output, StringComparison.Ordinal);
        Assert.Matches(@"\n  KernelChanges\.PoolCursorOutlivesCommit +5\.14  release  A pool's allocation goes on .*\[Linux drivers/md/", part.Output);
        Assert.All(_storagelab.Run("model", "assumption").Output.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal)),
            line => Assert.Contains("assumption: ", line, StringComparison.Ordinal));
    }
}
