using System.Text.Json;
using Xunit;

namespace StorageLab.Cli.Tests;

public sealed class DoctorTests : IDisposable
{
    private readonly Storagelab _storagelab = new();

    public void Dispose() => _storagelab.Dispose();

    [Fact]
    public void The_doctor_says_of_every_engine_whether_it_is_ready()
    {
        Storagelab.Result result = _storagelab.Run("doctor");
        Assert.Equal("", result.Error);
        foreach (string engine in (string[])["model", "io", "docker", "uml"])
            Assert.Matches($"(?m)^{engine}: (ready|missing .+)$", result.Output);
    }

    [Fact]
    public void What_is_missing_and_has_a_package_is_in_the_one_command()
    {
        using JsonDocument found = JsonDocument.Parse(_storagelab.Run("doctor", "--json").Output);
        string install = found.RootElement.GetProperty("install").GetString() ?? "";
        JsonElement[] needs = [.. found.RootElement.GetProperty("needs").EnumerateArray()];
        Assert.NotEmpty(needs);
        foreach (JsonElement need in needs.Where(need => !need.GetProperty("is_there").GetBoolean()))
        {
            if (need.GetProperty("debian_package").GetString() is { } package && install.Contains("apt-get", StringComparison.Ordinal))
                Assert.Contains(" " + package, install, StringComparison.Ordinal);
        }
    }
}
