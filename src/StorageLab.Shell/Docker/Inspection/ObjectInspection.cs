using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.GoTemplates;

namespace StorageLab.Shell.Docker.Inspection;

/// <summary><c>docker inspect</c>: a container, an image or a volume, whichever has the name.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/system/inspect.go.</remarks>
internal static class ObjectInspection
{
    private static readonly string[] Types = ["", "container", "image", "volume", "network", "node", "plugin", "secret", "service", "task"];

    public static DockerCommand Build() => new("inspect", ArgumentCount.AtLeast(1), Run);

    private static int Run(Invocation call)
    {
        string type = call.Flags.Text("type");
        if (!Types.Contains(type))
            throw new CommandException($"\"{type}\" is not a valid value for --type");
        return InspectOutput.Run(call, name => Find(call, name, type), name => $"Error: No such {(type.Length > 0 ? type : "object")}: {name}");
    }

    private static GoStruct? Find(Invocation call, string name, string type)
    {
        bool Is(string kind) => type.Length == 0 || type == kind;

        if (Is("container") && ContainerInspection.Find(call.Host, name, call.Flags.Is("size"), out _) is { } container)
            return container;
        if (Is("image") && ImageInspection.Find(call.Host, name, out _) is { } image)
        {
            if (call.Flags.Is("size"))
                call.Complain("WARNING: --size ignored for image");
            return image;
        }

        return Is("volume") ? VolumeInspection.Find(call.Host, name) : null;
    }
}
