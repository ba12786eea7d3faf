namespace StorageLab.Model.Constants;

/// <summary>A number that decides what the model does.</summary>
/// <param name="Part">The part of the stack.</param>
/// <param name="Name">Type and name in the code, e.g. <c>ThinPool.CommitPeriodNanoseconds</c>; a table's entry with its key in brackets.</param>
/// <param name="Value">The value as invariant text.</param>
/// <param name="Unit">What it counts.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="DocumentationId">Id of the member in the documentation file that the compiler writes, <c>F:Namespace.Type.Name</c>.</param>
public sealed record ModelConstant(ModelPart Part, string Name, string Value, string Unit, string Source, string DocumentationId);
