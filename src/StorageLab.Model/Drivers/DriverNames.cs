using System.Collections.Immutable;

namespace StorageLab.Model.Drivers;

/// <summary>The drivers by the names that scenarios, the command line and the samples use.</summary>
public static class DriverNames
{
    public const string LoopLvm = "loop-lvm";

    public const string DirectLvm = "direct-lvm";

    public const string Overlay2 = "overlay2";

    public static ImmutableArray<string> All { get; } = [LoopLvm, DirectLvm, Overlay2];
}
