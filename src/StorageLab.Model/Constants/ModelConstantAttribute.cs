namespace StorageLab.Model.Constants;

/// <summary>Says of a number that decides what the model does where it belongs, what it counts and where it comes from.</summary>
/// <param name="part">The part of the stack.</param>
/// <param name="unit">What the number counts, e.g. <c>bytes</c>.</param>
/// <param name="source">The file and name in the kernel, moby, the mkfs tools or LVM, the recorded run or experiment, or <c>assumption: why</c>.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class ModelConstantAttribute(ModelPart part, string unit, string source) : Attribute
{
    public ModelPart Part => part;

    public string Unit => unit;

    public string Source => source;
}
