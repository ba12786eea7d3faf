using System.Collections.Immutable;
using System.CommandLine;
using StorageLab.Host.Doctor;
using StorageLab.Reports.Plots;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab doctor</c>: what of the lab this host can carry, and the command that installs what is missing.</summary>
internal static class DoctorVerb
{
    public static Command Build()
    {
        Option<bool> json = new("--json") { Description = "Print what was found as JSON." };
        Command command = new("doctor", "Say what each engine needs of this host, what is missing and the command that installs it. Only reads.") { json };
        command.SetAction(parsed =>
        {
            ImmutableArray<HostNeed> needs = HostSurvey.Run(PlotFonts.Family is not null);
            string? install = HostSurvey.Install(needs);
            if (parsed.GetValue(json))
                PrintJson(needs, install);
            else
                Print(Console.Out, needs, install);
            return needs.Any(need => need is { Engine: HostSurvey.Model, IsThere: false }) ? ExitCode.Finding : ExitCode.Ok;
        });
        return command;
    }

    private static void Print(TextWriter output, ImmutableArray<HostNeed> needs, string? install)
    {
        TextTable table = new(["engine", "needs", "", "found", "makes possible"]);
        foreach (HostNeed need in needs)
            table.Add(need.Engine, need.Name, StateOf(need), need.Found, need.Enables);
        table.Print(output, width: Console.IsOutputRedirected ? 0 : Console.WindowWidth);
        output.WriteLine();
        foreach (IGrouping<string, HostNeed> engine in needs.GroupBy(need => need.Engine))
        {
            string[] missing = [.. engine.Where(need => need is { IsThere: false, IsOptional: false }).Select(need => need.Name)];
            output.WriteLine(missing.Length == 0 ? $"{engine.Key}: ready" : $"{engine.Key}: missing {string.Join(", ", missing)}");
        }

        if (install is not null)
            output.WriteLine($"install what is missing: {install}");
    }

    private static string StateOf(HostNeed need) => need.IsThere ? "yes" : need.IsOptional ? "no (may)" : "no";

    private static void PrintJson(ImmutableArray<HostNeed> needs, string? install) => JsonOutput.Print(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("needs");
        foreach (HostNeed need in needs)
        {
            json.WriteStartObject();
            json.WriteString("engine", need.Engine);
            json.WriteString("name", need.Name);
            json.WriteBoolean("is_there", need.IsThere);
            json.WriteBoolean("is_optional", need.IsOptional);
            json.WriteString("found", need.Found);
            json.WriteString("enables", need.Enables);
            json.WriteString("debian_package", need.Package?.Debian);
            json.WriteString("redhat_package", need.Package?.RedHat);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("install", install);
        json.WriteEndObject();
    });
}
