namespace StorageLab.Shell.GoTemplates;

/// <summary>A template that cannot be read or carried out, in Go's own words.</summary>
public sealed class TemplateException(string message) : Exception(message);
