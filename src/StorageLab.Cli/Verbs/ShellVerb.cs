using System.CommandLine;
using StorageLab.Cli.Sessions;
using StorageLab.Model.Drivers;
using StorageLab.Model.Replay;
using StorageLab.Shell.Sessions;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab shell</c>: Docker's commands at a prompt, and what each did to the disk.</summary>
internal static class ShellVerb
{
    public static Command Build()
    {
        RunSettings settings = new();
        SessionStart start = new(settings);
        Option<bool> quiet = new("--quiet") { Description = "No line about the disk behind each command." };
        Command command = new("shell", "Docker's commands at a prompt on a lab host; shows what each does to the disk.") { quiet };
        start.AddTo(command);
        settings.AddHostsTo(command);
        command.SetAction(parsed =>
        {
            Scenario scenario = start.Read(parsed, "shell", "A session in the shell");
            // Every driver is there to be switched to; the one that was asked for is where the shell begins.
            Scenario all = settings.HasDrivers(parsed) ? start.Read(parsed, "shell", scenario.Title, allDrivers: true) : scenario;
            VariantSpec variant = all.Variants.First(candidate => candidate.Name == scenario.Variants[0].Name);
            return new ShellLoop(Open(all, variant), parsed.GetValue(quiet)).Run();
        });
        return command;
    }

    private static LabShell Open(Scenario scenario, VariantSpec variant)
    {
        if (scenario.StepCount > 1000 && !Console.IsErrorRedirected)
            Console.Error.WriteLine($"doing the {scenario.StepCount:N0} steps before the shell …");
        return SessionStart.Guard(variant, () => new LabShell(scenario, variant, SessionStart.ImagesOf(scenario)));
    }
}
