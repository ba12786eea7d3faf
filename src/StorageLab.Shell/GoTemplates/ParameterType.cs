namespace StorageLab.Shell.GoTemplates;

/// <summary>What a function's parameter takes.</summary>
internal enum ParameterType
{
    Any,
    Text,
    Integer,
    Texts,
}
