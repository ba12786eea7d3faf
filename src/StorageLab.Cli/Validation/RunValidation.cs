using System.Collections.Immutable;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Model.ThinProvisioning;
using StorageLab.Scenarios;
using StorageLab.Scenarios.Recorded;
using StorageLab.Scenarios.ThinDumps;
using StorageLab.Shell.Transcripts;

namespace StorageLab.Cli.Validation;

/// <summary>How the model's replay of one recorded run compares with the recording.</summary>
/// <param name="Run">The recording.</param>
/// <param name="Metrics">Metrics that both sides have, in the house's order.</param>
/// <param name="ErrorMismatches">Steps that failed on one side only, or with another kind of error.</param>
internal sealed record RunValidation(RecordedRun Run, ImmutableArray<MetricAgreement> Metrics, ImmutableArray<ErrorMismatch> ErrorMismatches)
{
    /// <summary>Pool block above which the limits are wider, because a single block more or less weighs more, in bytes.</summary>
    private const long WideLimitBlockBytes = 128 << 10;

    /// <summary>Whether the run's pool has large blocks (recorded noise: 0.1 % on 64 KiB blocks, 2.6 % on 512 KiB blocks).</summary>
    public required bool HasLargeBlocks { get; init; }

    /// <summary>Null where the run has no dump of a pool.</summary>
    public required FinalMappings? FinalMappings { get; init; }

    /// <summary>What was typed after the steps, in order, and how the model answered it; empty for a run without a transcript.</summary>
    public required ImmutableArray<CommandVerdict> Commands { get; init; }

    /// <summary>Replays a recorded run on the model.</summary>
    /// <param name="stepDone">Called after each step, on the caller's thread.</param>
    /// <exception cref="InputException">The recorded machine cannot hold the driver, or the dump of its pool is malformed.</exception>
    public static RunValidation Of(RecordedRun run, Action stepDone)
    {
        Replayer replayer = Install(run);
        List<Sample> samples = [];
        foreach (Sample sample in replayer.Run(CancellationToken.None))
        {
            samples.Add(sample);
            stepDone();
        }

        ImmutableArray<MetricAgreement>.Builder metrics = ImmutableArray.CreateBuilder<MetricAgreement>();
        foreach (AgreementMetric metric in AgreementMetric.All)
        {
            // The kernel counts its reserve as used; both sides are judged without it.
            long reserved = metric.Name == "pool_metadata_used_blocks" ? samples[0].PoolMetadataReservedBlocks ?? 0 : 0;
            ImmutableArray<long?> real = [.. run.Rows.Select(row => row.Values.TryGetValue(metric.Name, out long value) ? value - reserved : (long?)null)];
            MetricAgreement agreement = MetricAgreement.Compare(metric, real, [.. samples.Select(metric.Value)]);
            if (agreement.StepCount > 0)
                metrics.Add(agreement);
        }

        ImmutableArray<ErrorMismatch> mismatches =
        [
            .. run.Rows.Zip(samples)
                .Where(pair => ErrorKinds.Of(pair.First.Error) != ErrorKinds.Of(pair.Second.Error))
                .Select(pair => new ErrorMismatch(pair.First.StepIndex, pair.First.Operation, pair.First.Error, pair.Second.Error)),
        ];
        return new RunValidation(run, metrics.ToImmutable(), mismatches)
        {
            HasLargeBlocks = samples[0].PoolBlockBytes > WideLimitBlockBytes,
            FinalMappings = CompareMappings(run, replayer.Driver),
            Commands = TranscriptValidation.Of(run, CancellationToken.None),
        };
    }

    /// <summary>What a metric exceeds: the given tolerance, or without one its own limits; empty when it keeps them.</summary>
    public string ExcessOf(MetricAgreement metric, double? maxError)
    {
        double medianLimit = maxError is null ? (HasLargeBlocks ? metric.Metric.LargeBlockMedianLimit : metric.Metric.MedianLimit) : double.MaxValue;
        double worstLimit = maxError ?? (HasLargeBlocks ? metric.Metric.LargeBlockWorstLimit : metric.Metric.WorstLimit);
        double worst = metric.Metric.IsFlow ? metric.SumError : metric.WorstError;
        if (worst > worstLimit)
            return $"{(metric.Metric.IsFlow ? "sum" : "worst")} above {Percent.Of(worstLimit)}";
        return metric.MedianError > medianLimit ? $"median above {Percent.Of(medianLimit)}" : "";
    }

    public bool Passes(double? maxError) => ErrorMismatches.IsEmpty && Metrics.All(metric => ExcessOf(metric, maxError).Length == 0) && Commands.All(command => command.Agrees);

    private static Replayer Install(RecordedRun run)
    {
        try
        {
            return new Replayer(run.Scenario, run.Variant, run.Conditions);
        }
        catch (ArgumentException e)
        {
            throw new InputException(run.MachineFile, $"the model cannot stand for this machine: {e.Message.Split(" (Parameter", 2)[0]}");
        }
    }

    private static FinalMappings? CompareMappings(RecordedRun run, IGraphDriver driver)
    {
        if (run.ThinDumpFile is not { } file || driver is not DevicemapperDriver devicemapper)
            return null;
        ThinPool pool = devicemapper.Pool;
        (int devices, long blocks) = ThinDumpReader.Count(file);
        return new FinalMappings(devices, blocks, pool.DeviceIds.Count(), pool.DeviceIds.Sum(pool.MappedBlockCount));
    }
}
