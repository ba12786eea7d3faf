using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Reports;

namespace StorageLab.Cli;

/// <summary>Replays one variant: sample 0 and one sample per step, lazily; ends early when cancelled.</summary>
/// <param name="maps">Takes the block maps it wants before their step's sample is handed over.</param>
internal delegate IEnumerable<Sample> VariantReplay(Scenario scenario, VariantSpec variant, VariantRecorder maps, CancellationToken cancellation);

/// <summary>Replays all variants of a scenario side by side into a report.</summary>
internal sealed class ScenarioRun(Scenario scenario, RunReport report, VariantReplay replay)
{
    private readonly int[] _stepsDone = new int[scenario.Variants.Length];

    public Scenario Scenario => scenario;

    /// <summary>Steps the variant has done so far; may be read while the run goes on.</summary>
    public int StepsDone(int variantIndex) => Volatile.Read(ref _stepsDone[variantIndex]);

    public int StepsDoneOfAll => Enumerable.Range(0, _stepsDone.Length).Sum(StepsDone);

    /// <summary>Returns when every variant is done, or soon after cancellation.</summary>
    /// <param name="threadCount">Variants replayed at once; at least 1.</param>
    /// <param name="cancellation">Ends every variant after the step it is at; no exception comes of it.</param>
    /// <exception cref="IOException">A row could not be written; the other variants were stopped.</exception>
    public async Task RunAsync(int threadCount, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var next = -1;
        Task[] workers =
        [
            .. Enumerable.Range(0, Math.Min(threadCount, _stepsDone.Length)).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    for (int i = Interlocked.Increment(ref next); i < _stepsDone.Length; i = Interlocked.Increment(ref next))
                        Replay(i, stop);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)),
        ];
        await Task.WhenAll(workers);
    }

    private void Replay(int index, CancellationTokenSource stop)
    {
        try
        {
            foreach (Sample sample in replay(scenario, scenario.Variants[index], report[index], stop.Token))
            {
                report[index].Add(sample);
                Volatile.Write(ref _stepsDone[index], sample.StepIndex);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What was recorded so far stands.
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }
}
