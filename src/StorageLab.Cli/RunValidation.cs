using System.Collections.Immutable;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Recorded;

namespace StorageLab.Cli;

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

    /// <summary>Replays a recorded run on the model.</summary>
    /// <exception cref="ArgumentException">The recorded machine cannot hold the driver.</exception>
    public static RunValidation Of(RecordedRun run, CancellationToken cancellation)
    {
        Sample[] samples = [.. new Replayer(run.Scenario, run.Variant, run.Conditions).Run(cancellation)];
        cancellation.ThrowIfCancellationRequested();
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
        return new RunValidation(run, metrics.ToImmutable(), mismatches) { HasLargeBlocks = samples[0].PoolBlockBytes > WideLimitBlockBytes };
    }

    /// <summary>Whether a metric keeps the given tolerance, or without one its own limits.</summary>
    public bool IsWithin(MetricAgreement metric, double? maxError) =>
        maxError is { } limit ? metric.IsWithin(limit) : metric.IsWithinLimits(HasLargeBlocks);

    public bool Passes(double? maxError) => ErrorMismatches.IsEmpty && Metrics.All(metric => IsWithin(metric, maxError));
}
