namespace StorageLab.Shell.GoTemplates;

/// <summary>A function that templates may call.</summary>
/// <param name="Name">As templates write it.</param>
/// <param name="Parameters">Types of its parameters.</param>
/// <param name="Call">Computes it; may throw <see cref="TemplateException"/> with the bare reason.</param>
/// <param name="IsVariadic">Whether the last parameter takes any number of arguments.</param>
internal sealed record TemplateFunction(string Name, ParameterType[] Parameters, Func<IReadOnlyList<object?>, object?> Call, bool IsVariadic = false);
