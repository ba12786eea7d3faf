using StorageLab.Model.Drivers;

namespace StorageLab.Model.Tests.Drivers;

public sealed class LoopLvmConformance : DriverConformanceTests
{
    protected override VariantSpec Variant => TestHosts.Variant(DriverNames.LoopLvm);
}

public sealed class LoopLvmWithoutDiscardConformance : DriverConformanceTests
{
    protected override VariantSpec Variant => TestHosts.Variant(DriverNames.LoopLvm, "ext4", "3.10.0-1160.el7", ("dm.blkdiscard", "false"));
}

public sealed class LoopLvmExt4Conformance : DriverConformanceTests
{
    protected override VariantSpec Variant => TestHosts.Variant(DriverNames.LoopLvm, "xfs", "6.1", ("dm.fs", "ext4"));
}

public sealed class DirectLvmConformance : DriverConformanceTests
{
    protected override VariantSpec Variant => TestHosts.Variant(DriverNames.DirectLvm);
}

public sealed class Overlay2OnXfsConformance : DriverConformanceTests
{
    protected override VariantSpec Variant => TestHosts.Variant(DriverNames.Overlay2);
}

public sealed class Overlay2OnExt4Conformance : DriverConformanceTests
{
    protected override VariantSpec Variant => TestHosts.Variant(DriverNames.Overlay2, "ext4", "3.10.0-1160.el7");
}
