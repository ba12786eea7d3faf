using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Advice;
using StorageLab.Advice.Hosts;
using StorageLab.Advice.Migration;
using StorageLab.Advice.Rules;
using StorageLab.Reports;

namespace StorageLab.Cli.Advising;

/// <summary>An advice as people read it.</summary>
internal static class AdviceText
{
    public static void Print(TextWriter output, HostFacts host, Recommendation advice, ImmutableArray<DriverForecast> forecasts, ImmutableArray<MigrationStep> plan, string workload)
    {
        output.WriteLine(advice.Driver is null ? "No driver works on this host as it is." : $"Use {advice.Driver}.");
        foreach (string reason in advice.Reasons)
            output.WriteLine("  - " + reason + ".");
        output.WriteLine();
        output.WriteLine("The host");
        foreach ((string name, string? value) in FactsOf(host))
            output.WriteLine($"  {name,-16}{value ?? "not known"}");
        Section(output, "Not known, and assumed", advice.Unknowns);
        Section(output, "Not read", host.Notes);
        output.WriteLine();
        output.WriteLine("What the rules say");
        foreach (DriverVerdict verdict in advice.Verdicts)
        {
            output.WriteLine($"  {verdict.Driver,-12}{WordOf(verdict.Verdict),-12}{verdict.Reason}");
            foreach (DriverRule rule in verdict.Rules)
                output.WriteLine($"  {"",-24}{rule.Id}: {rule.Source}");
        }

        output.WriteLine();
        output.WriteLine($"In a year of {workload}");
        PrintForecast(output, forecasts);
        if (plan.IsEmpty)
            return;
        output.WriteLine();
        output.WriteLine("How to get there, as root");
        for (var index = 0; index < plan.Length; index++)
        {
            output.WriteLine($"  {index + 1}. {plan[index].What}");
            foreach (string command in plan[index].Commands)
                output.WriteLine("       " + command.Replace("\n", "\n       ", StringComparison.Ordinal).Replace("\n       EOF", "\nEOF", StringComparison.Ordinal));
        }
    }

    public static string WordOf(RuleVerdict verdict) => verdict switch
    {
        RuleVerdict.Ok => "ok",
        RuleVerdict.Conditional => "with option",
        RuleVerdict.Deprecated => "deprecated",
        RuleVerdict.TestOnly => "tests only",
        _ => "refused",
    };

    private static void PrintForecast(TextWriter output, ImmutableArray<DriverForecast> forecasts)
    {
        int width = forecasts.Max(forecast => forecast.Variant.Length) + 2;
        output.WriteLine($"  {"".PadRight(width)}{string.Concat(DriverForecast.Days.Select(day => $"{$"day {day}",12}{"wasted",12}"))}{"disk full",12}{"written/day",14}");
        foreach (DriverForecast forecast in forecasts)
        {
            string cells = "";
            foreach (int day in DriverForecast.Days)
            {
                ForecastPoint? point = forecast.Points.FirstOrDefault(p => p.Day == day);
                cells += point is null ? $"{"-",12}{"-",12}" : $"{IecBytes.Format(point.AllocatedBytes),12}{IecBytes.Format(point.WastedBytes),12}";
            }

            string full = forecast.FullOnDay is { } fullDay ? "day " + fullDay.ToString(CultureInfo.InvariantCulture) : "not in 365";
            output.WriteLine($"  {forecast.Variant.PadRight(width)}{cells}{full,12}{IecBytes.Format(forecast.WrittenBytesPerDay),14}");
        }

        if (forecasts.Max(forecast => forecast.SteadyFromDay) is { } steady)
            output.WriteLine($"  (where eight weeks changed nothing by more than 1 %, the rest of the year was taken to be like them: from day {steady} on at the latest)");
        foreach (DriverForecast forecast in forecasts.Where(forecast => forecast.FullOnDay is not null))
            output.WriteLine($"  {forecast.Variant} on day {forecast.FullOnDay}: {Terminal.Shown(forecast.FirstError)}");
    }

    private static IEnumerable<(string Name, string? Value)> FactsOf(HostFacts host) =>
    [
        ("distribution", host.Distribution is null ? null : $"{host.Distribution} {host.DistributionVersion}".TrimEnd()),
        ("kernel", host.KernelRelease),
        ("Docker", host.DockerVersion?.ToString()),
        ("driver now", host.Driver),
        ("Docker's root", host.DockerRoot),
        ("file system", host.BackingFileSystem is null ? null : host.BackingFileSystem + (host.HasFileTypes is { } has && host.BackingFileSystem == "xfs" ? has ? ", ftype=1" : ", ftype=0" : "")),
        ("size and free", host.RootTotalBytes is { } total ? $"{IecBytes.Format(total)}, {IecBytes.Format(host.RootFreeBytes ?? 0)} free" : null),
        ("spare disks", host.KnowsDisks ? host.SpareDisks.IsEmpty ? "none" : string.Join(", ", host.SpareDisks.Select(disk => $"{disk.Path} ({IecBytes.Format(disk.SizeBytes)})")) : null),
    ];

    private static void Section(TextWriter output, string title, ImmutableArray<string> lines)
    {
        if (lines.IsEmpty)
            return;
        output.WriteLine();
        output.WriteLine(title);
        foreach (string line in lines)
            output.WriteLine("  - " + line);
    }
}
