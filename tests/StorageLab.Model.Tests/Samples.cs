using StorageLab.Model.Measurement;

namespace StorageLab.Model.Tests;

internal static class Samples
{
    /// <summary>A sample with nothing in it, for drivers to fill.</summary>
    public static Sample Empty { get; } = new()
    {
        Scenario = "",
        Variant = "",
        Driver = "",
        Options = "",
        Engine = "model",
        Seed = 0,
        StepIndex = 0,
        Operation = "",
        Target = "",
        Result = StepResult.Ok,
        Error = "",
        ElapsedNanoseconds = 0,
        StepNanoseconds = 0,
        LiveLayersBytes = 0,
        LiveContainersBytes = 0,
        LayerCount = 0,
        ImageCount = 0,
        DanglingImageCount = 0,
        ContainerCount = 0,
        RunningContainerCount = 0,
        BackingAllocatedBytes = 0,
        HostFsTotalBytes = 0,
        HostFsUsedBytes = 0,
        HostFsUsedInodes = 0,
        PageCacheBytes = 0,
        Floors = [],
    };
}
