using System.CommandLine;
using System.CommandLine.Completions;
using StorageLab.Cli.Measuring;
using StorageLab.Host.Docker;
using StorageLab.Host.Doctor;
using StorageLab.Model.Replay;
using StorageLab.Scenarios;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab measure</c>: replays a scenario on a real daemon, or on one in a throw-away machine.</summary>
internal static class MeasureVerb
{
    /// <summary>Ends the name of the folder that results go to, where nobody says, so that a model's run of the scenario stays.</summary>
    public const string FolderEnding = "-measured";

    private const string UserModeLinux = "uml";

    public static Command Build()
    {
        Argument<string> scenario = ScenarioArgument.Create();
        scenario.Description = "A shipped scenario's name (see storagelab list), a file, or a recorded run's folder.";
        Option<string?> host = new("--host") { Description = "Replay on this daemon, as root on its own machine; what is made there is removed again.", HelpName = "unix://SOCKET" };
        host.CompletionSources.Add(_ => [new CompletionItem("unix:///var/run/docker.sock")]);
        Option<string?> machine = MachineOption();
        Option<bool> keep = new("--keep") { Description = "Keep the machine's disk as disk.img in the run's folder." };
        RunSettings settings = new();
        Command command = new("measure", "Replay a scenario on real Docker: a daemon of this host, or one in a throw-away machine that needs no root.") { scenario, host, machine, keep };
        settings.AddForMeasuringTo(command);
        command.Validators.Add(result =>
        {
            if ((result.GetResult(host) is null) == (result.GetResult(machine) is null))
                result.AddError("give either --host unix:///var/run/docker.sock or --machine uml");
            else if (result.GetResult(keep) is not null && result.GetResult(machine) is null)
                result.AddError("--keep keeps a machine's disk; it goes with --machine uml");
        });
        command.SetAction(async (parsed, _) =>
        {
            string argument = parsed.GetRequiredValue(scenario);
            ScenarioOverrides overrides = settings.Overrides(parsed);
            Scenario read = MeasuredScenario.Read(argument, overrides);
            RunOptions options = settings.Options(parsed, read.Name + FolderEnding) with { ThreadCount = 1 };
            return parsed.GetValue(host) is { } endpoint
                ? await OnDaemonAsync(endpoint, read, overrides, options)
                : await InMachinesAsync(read, argument, overrides, options, parsed.GetValue(keep));
        });
        return command;
    }

    internal static Option<string?> MachineOption()
    {
        Option<string?> machine = new("--machine") { Description = "Replay in a throw-away machine of this kind: uml, User-mode Linux (see storagelab doctor).", HelpName = "uml" };
        machine.CompletionSources.Add(_ => [new CompletionItem(UserModeLinux)]);
        machine.Validators.Add(result =>
        {
            if (result.Tokens is [var kind, ..] && kind.Value != UserModeLinux)
                result.AddError($"--machine is '{kind.Value}'; the one kind of machine there is is {UserModeLinux}");
        });
        return machine;
    }

    /// <summary>Measures every variant in a machine of its own, one after the other.</summary>
    internal static async Task<int> InMachinesAsync(Scenario scenario, string argument, ScenarioOverrides overrides, RunOptions options, bool keepsDisk)
    {
        CheckMachine(scenario);
        MachineReplay replay = new(MeasuredScenario.FullName(argument), overrides, options.Folder, keepsDisk);
        return Judge(await RunVerb.RunAsync(scenario, options, (whole, variant, _, stop) => replay.Replay(whole, variant, stop)), replay.Failure);
    }

    private static int Judge(int code, string? failure)
    {
        if (failure is null)
            return code;
        Terminal.Complain(failure);
        return ExitCode.OutputFailed;
    }

    /// <summary>Says at once what is missing, rather than after the first machine.</summary>
    private static void CheckMachine(Scenario scenario)
    {
        HostNeed[] missing = [.. scenario.Variants.Select(variant => variant.Driver).Distinct().SelectMany(driver => HostSurvey.MissingForMachine(driver)).DistinctBy(need => need.Name)];
        if (missing.Length == 0)
            return;
        string how = HostSurvey.Install(missing) is { } install ? $"; {install}" : "";
        throw new MeasureException($"--machine uml: missing {string.Join(", ", missing.Select(need => $"{need.Name} ({need.Found})"))}{how}");
    }

    private static async Task<int> OnDaemonAsync(string endpoint, Scenario scenario, ScenarioOverrides overrides, RunOptions options)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address))
            throw new InputException("--host", $"'{endpoint}' is not an address; give a socket, such as unix:///var/run/docker.sock");
        using SharedDaemonReplay replay = SharedDaemonReplay.Open(address, ref scenario, overrides);
        return Judge(await RunVerb.RunAsync(scenario, options, (whole, variant, _, stop) => replay.Replay(whole, variant, stop)), replay.Failure);
    }
}
