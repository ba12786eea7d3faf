using System.Collections.Immutable;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Shell.Docker.Daemon;
using StorageLab.Shell.GoTemplates;

namespace StorageLab.Shell.Docker.Inspection;

/// <summary>Values as <c>inspect</c> shows them.</summary>
internal static class Inspected
{
    public static IReadOnlyList<object?> Texts(ImmutableArray<string>? texts) => texts is { } given ? Texts((IEnumerable<string>)given) : GoNil.Slice;

    public static object?[] Texts(IEnumerable<string> texts) => [.. texts];

    public static IReadOnlyDictionary<string, object?> Labels(ImmutableSortedDictionary<string, string>? labels) =>
        labels?.ToDictionary(label => label.Key, label => (object?)label.Value) ?? GoNil.Map;

    public static string Time(Timestamp moment) => moment.ToString();

    private static readonly GoStruct NoFields = new("struct {}", []);

    public static GoStruct Configuration(ContainerConfiguration configuration) => new("*container.Config",
    [
        new("Hostname", () => configuration.Hostname),
        new("Domainname", () => ""),
        new("User", () => configuration.User),
        new("AttachStdin", () => configuration.AttachesInput),
        new("AttachStdout", () => configuration.AttachesOutput),
        new("AttachStderr", () => configuration.AttachesOutput),
        new("ExposedPorts", "ExposedPorts", () => Keys(configuration.ExposedPorts), OmitsEmpty: true),
        new("Tty", () => configuration.IsTty),
        new("OpenStdin", () => configuration.OpensInput),
        new("StdinOnce", () => configuration.OpensInput && configuration.AttachesInput),
        new("Env", () => Texts(configuration.Environment)),
        new("Cmd", () => Texts(configuration.Command)),
        new("Image", () => configuration.Image),
        new("Volumes", () => Keys(configuration.Volumes)),
        new("WorkingDir", () => configuration.WorkingDirectory),
        new("Entrypoint", () => Texts(configuration.Entrypoint)),
        new("OnBuild", () => Texts(configuration.OnBuild)),
        new("Labels", () => Labels(configuration.Labels)),
        new("StopSignal", "StopSignal", () => configuration.StopSignal, OmitsEmpty: true),
        new("Shell", "Shell", () => Texts(configuration.Shell), OmitsEmpty: true),
    ]);

    /// <param name="cacheId">The layer in the graph driver; null for an image without layers.</param>
    public static GoStruct GraphDriver(DockerHost host, string? cacheId) => new("types.GraphDriverData",
    [
        new("Data", () => cacheId is null ? null : Data(host, cacheId)),
        new("Name", () => host.Lab.Driver.Name),
    ]);

    private static Dictionary<string, object?> Data(DockerHost host, string cacheId)
    {
        Dictionary<string, object?> data = host.Lab.Driver.GetMetadata(cacheId).ToDictionary(pair => pair.Key, pair => (object?)pair.Value);
        if (data.ContainsKey("DeviceId"))
            data["DeviceName"] = DriverLines.DeviceName(host, cacheId);
        return data;
    }

    /// <summary>A set as Go has it: a map of empty structs, and where there is none a nil map, which prints as an empty one.</summary>
    private static IReadOnlyDictionary<string, object?> Keys(ImmutableSortedSet<string>? keys) =>
        keys?.ToDictionary(key => key, _ => (object?)NoFields) ?? GoNil.Map;
}
