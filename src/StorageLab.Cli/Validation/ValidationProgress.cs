using Spectre.Console;

namespace StorageLab.Cli.Validation;

/// <summary>Shows on a terminal's error stream how far the replays are; says nothing elsewhere.</summary>
internal static class ValidationProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(80);

    /// <summary>Work that is done sooner needs no bar.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits for the work, showing its progress.</summary>
    /// <param name="stepsDone">Steps done so far, of <paramref name="stepCount"/>; asked on another thread than the work's.</param>
    public static async Task FollowAsync(Task work, Func<int> stepsDone, int stepCount)
    {
        if (Terminal.IsErrorInteractive && await Task.WhenAny(work, Task.Delay(Delay)) != work)
        {
            await Terminal.Error.Progress().AutoClear(true).StartAsync(async context =>
            {
                ProgressTask bar = context.AddTask("replaying recorded runs", maxValue: Math.Max(1, stepCount));
                do
                    bar.Value = stepsDone();
                while (await Task.WhenAny(work, Task.Delay(Interval)) != work);
            });
        }

        await work;
    }
}
