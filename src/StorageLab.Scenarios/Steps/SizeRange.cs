using StorageLab.Scenarios.Values;

namespace StorageLab.Scenarios.Steps;

/// <summary>Sizes from which one is drawn; one size when both ends are equal.</summary>
internal readonly record struct SizeRange(long LeastBytes, long MostBytes)
{
    public long Draw(RandomStream random) => LeastBytes == MostBytes ? LeastBytes : random.Between(LeastBytes, MostBytes);
}
