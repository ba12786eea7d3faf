using Spectre.Console;

namespace StorageLab.Cli;

/// <summary>Shows on the error stream how far a run is: bars on a terminal, else a line now and then.</summary>
internal static class RunProgress
{
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(80);

    /// <summary>Shorter runs need no line.</summary>
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    /// <summary>Waits for the run, showing its progress as the mode says.</summary>
    public static async Task FollowAsync(ScenarioRun run, Task work, OutputMode mode)
    {
        if (mode == OutputMode.Rich && Terminal.IsErrorInteractive)
            await ShowBarsAsync(run, work);
        else if (mode is OutputMode.Rich or OutputMode.Plain)
            await ShowLinesAsync(run, work);
        await work;
    }

    private static Task ShowBarsAsync(ScenarioRun run, Task work) => Terminal.Error.Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
        .StartAsync(async context =>
        {
            ProgressTask[] bars = [.. run.Scenario.Variants.Select(v => context.AddTask(Markup.Escape(v.Name), maxValue: Math.Max(1, run.Scenario.StepCount)))];
            foreach (ProgressTask bar in bars)
                bar.IsIndeterminate = run.Scenario.IsOpenEnded;
            do
            {
                for (var i = 0; i < bars.Length; i++)
                    bars[i].Value = run.StepsDone(i);
            }
            while (await Task.WhenAny(work, Task.Delay(BarInterval)) != work);
        });

    private static async Task ShowLinesAsync(ScenarioRun run, Task work)
    {
        long total = (long)run.Scenario.StepCount * run.Scenario.Variants.Length;
        while (await Task.WhenAny(work, Task.Delay(LineInterval)) != work)
            Terminal.Say(
                $"{run.Scenario.Name}: {run.StepsDoneOfAll}{(run.Scenario.IsOpenEnded ? "" : $" of {total}")} steps on {run.Scenario.Variants.Length} variants");
    }
}
