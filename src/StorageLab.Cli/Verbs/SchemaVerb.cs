using System.CommandLine;
using StorageLab.Scenarios;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab schema</c>: the JSON schema of scenario files, for editors.</summary>
internal static class SchemaVerb
{
    public static Command Build()
    {
        Command command = new("schema", "Print the JSON schema of scenario files, for editors.");
        command.SetAction(_ => Console.Out.Write(ScenarioSchema.ToJson()));
        return command;
    }
}
