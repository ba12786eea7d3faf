using System.CommandLine;
using System.CommandLine.Completions;
using StorageLab.Scenarios;

namespace StorageLab.Cli.Verbs;

/// <summary>The argument that names a scenario, the same for every verb.</summary>
internal static class ScenarioArgument
{
    public static Argument<string> Create()
    {
        Argument<string> argument = new("SCENARIO") { Description = "A shipped scenario's name (see storagelab list) or a file.", HelpName = "SCENARIO" };
        argument.CompletionSources.Add(_ => ScenarioLibrary.Shipped.ScenarioNames.Select(name => new CompletionItem(name)));
        return argument;
    }
}
