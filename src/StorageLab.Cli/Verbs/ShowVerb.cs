using System.CommandLine;
using StorageLab.Model.Drivers;
using StorageLab.Model.Replay;
using StorageLab.Reports;
using StorageLab.Scenarios;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab show</c>: a scenario in plain words, its hosts, its drivers, and its steps as one would type them.</summary>
internal static class ShowVerb
{
    public static Command Build()
    {
        Argument<string> argument = ScenarioArgument.Create();
        Command command = new("show", "Print a scenario's hosts and drivers, and its steps as Docker commands.") { argument };
        command.SetAction(parsed => Print(new ScenarioReader(ScenarioLibrary.Shipped).Read(parsed.GetRequiredValue(argument), ScenarioOverrides.None)));
        return command;
    }

    private static void Print(Scenario scenario)
    {
        TextWriter output = Console.Out;
        output.WriteLine($"{scenario.Name}: {scenario.Title}");
        if (scenario.Description.Length > 0)
            output.WriteLine($"{Environment.NewLine}{scenario.Description.TrimEnd()}");

        output.WriteLine($"{Environment.NewLine}hosts");
        foreach (HostSpec host in scenario.Variants.Select(v => v.Host).Distinct())
            output.WriteLine($"  {host.Name}: kernel {KernelText(host.Kernel)}, {IecBytes.Format(host.DiskBytes)} {host.Profile.Name}, {host.FileSystem} {string.Join(' ', host.MkfsOptions)}".TrimEnd());

        output.WriteLine($"{Environment.NewLine}variants");
        foreach (VariantSpec variant in scenario.Variants)
            output.WriteLine($"  {variant.Name}: {variant.Driver} {string.Join(' ', variant.Options.Select(o => $"{o.Key}={o.Value}"))}".TrimEnd() + $" on {variant.Host.Name}");

        output.WriteLine($"{Environment.NewLine}steps (seed {scenario.Seed})");
        var index = 0;
        foreach (Step step in scenario.Steps)
            output.WriteLine($"  {++index,6}  {StepText.Of(step, scenario.Names)}");
    }

    private static string KernelText(KernelVersion kernel) =>
        kernel.EnterpriseBuild == 0 ? $"{kernel.Major}.{kernel.Minor}" : $"{kernel.Major}.{kernel.Minor} (enterprise build {kernel.EnterpriseBuild})";
}
