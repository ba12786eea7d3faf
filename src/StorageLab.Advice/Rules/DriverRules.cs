using System.Collections.Immutable;
using System.Globalization;
using CsvHelper;
using StorageLab.Advice.Hosts;
using StorageLab.Model.Drivers;

namespace StorageLab.Advice.Rules;

/// <summary>All rules, from driver-rules.csv.</summary>
public static class DriverRules
{
    public static ImmutableArray<DriverRule> All { get; } = Read();

    private static ImmutableArray<DriverRule> Read()
    {
        using Stream stream = typeof(DriverRules).Assembly.GetManifestResourceStream("StorageLab.Advice.driver-rules.csv")!;
        using StreamReader text = new(stream);
        using CsvReader csv = new(text, CultureInfo.InvariantCulture);
        ImmutableArray<DriverRule>.Builder rules = ImmutableArray.CreateBuilder<DriverRule>();
        csv.Read();
        csv.ReadHeader();
        while (csv.Read())
        {
            rules.Add(new DriverRule
            {
                Id = csv.GetField("id")!,
                Driver = csv.GetField("driver")!,
                Backing = List(csv.GetField("backing")!),
                Distributions = List(csv.GetField("distributions")!),
                KernelMin = Kernel(csv.GetField("kernel_min")!),
                KernelMinEnterprise = Kernel(csv.GetField("kernel_min_el")!),
                DockerMin = Docker(csv.GetField("docker_min")!),
                DockerMax = Docker(csv.GetField("docker_max")!),
                HasFileTypes = csv.GetField("ftype")! is { Length: > 0 } fileTypes ? fileTypes == "1" : null,
                Verdict = csv.GetField("verdict")! switch
                {
                    "ok" => RuleVerdict.Ok,
                    "conditional" => RuleVerdict.Conditional,
                    "deprecated" => RuleVerdict.Deprecated,
                    "test-only" => RuleVerdict.TestOnly,
                    "refuse" => RuleVerdict.Refuse,
                    string other => throw new InvalidDataException($"driver-rules.csv: there is no verdict '{other}'"),
                },
                Reason = csv.GetField("reason")!,
                Source = csv.GetField("source")!,
            });
        }

        return rules.ToImmutable();
    }

    private static ImmutableArray<string> List(string field) => field.Length == 0 ? [] : [.. field.Split('|')];

    /// <summary>Of Red Hat's kernels the build counts: 3.10.0-514 is read as 3.10.0-514.el7 is.</summary>
    private static KernelVersion? Kernel(string field) =>
        field.Length == 0 ? null : KernelVersion.Parse(field.Contains('-') ? field + ".el7" : field);

    private static DockerVersion? Docker(string field) => field.Length == 0 ? null : DockerVersion.Parse(field);
}
