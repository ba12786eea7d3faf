using System.Diagnostics;
using StorageLab.Model.Blocks;

namespace StorageLab.Host.Docker;

/// <summary>How a daemon that a measurement started itself came up.</summary>
/// <param name="Clock">What the samples' times are read from; it ran when the start began.</param>
/// <param name="Taken">How long the start took.</param>
/// <param name="Before">Counters of the disks before it, by floor; null where the daemon was found running.</param>
public sealed record DaemonStart(Stopwatch Clock, TimeSpan Taken, IoCounters?[]? Before);
