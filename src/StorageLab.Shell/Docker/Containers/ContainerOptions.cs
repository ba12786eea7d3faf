using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using StorageLab.Model.Images;
using StorageLab.Model.Text;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Docker.Images;

namespace StorageLab.Shell.Docker.Containers;

/// <summary>Makes a container of what <c>docker run</c> and <c>docker create</c> were given; the image is pulled where it is missing.</summary>
/// <remarks>Flags that do not touch storage are taken and do nothing. Source: docker/cli v20.10, cli/command/container/create.go and opts.go.</remarks>
internal static partial class ContainerOptions
{
    private const string DefaultNetwork = "bridge";

    /// <summary>daemon/daemon_unix.go, linuxMinMemory.</summary>
    private const long MemoryBytesMin = 6 << 20;

    /// <exception cref="CommandException">Bare texts, as the client and the daemon word them.</exception>
    public static Container Create(Invocation call)
    {
        string reference = call.Arguments[0];
        if (!ImageName.IsId(reference) && ImageName.TryParse(reference, out string? error) is null)
            throw new CommandException(error!);
        string name = call.Flags.Text("name");
        CheckFlags(call);
        if (call.Engine.Images.Find(reference, out _) is null)
            PullMissing(call, reference);
        if (call.Engine.Images.Find(reference, out _) is { Configuration.IsKnown: true } image && HasNoCommand(call, image.Configuration.Configuration))
            throw Refused("No command specified");
        if (name.Length > 0 && !Name().IsMatch(name))
            throw Refused($"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        ContainerRequest request = new()
        {
            Reference = reference,
            Name = name.Length > 0 ? name : ContainerNames.Draw(call.Engine),
            Configuration = Configure(call),
            NetworkMode = NetworkOf(call),
            Volumes = Mounts(call, reference),
            IsRemovedAtEnd = call.Flags.Is("rm"),
        };
        DockerOutcome outcome = call.Engine.CreateContainer(request, out Container? container);
        call.DemandDone("create", $"{request.Name} {reference}", outcome);
        if (request.NetworkMode is not ("none" or "host") && call.Host.Facts.Warnings.Contains("WARNING: IPv4 forwarding is disabled"))
            call.Complain("WARNING: IPv4 forwarding is disabled. Networking will not work.");
        return container!;
    }

    /// <summary>What the client and the daemon refuse of flags that are no matter of storage.</summary>
    private static void CheckFlags(Invocation call)
    {
        FlagValues flags = call.Flags;
        if (flags.Texts("label-file").FirstOrDefault(file => !call.Host.HasFile(file)) is { } missing)
            throw new CommandException($"open {missing}: no such file or directory");
        string policy = flags.Text("restart").Split(':')[0];
        if (flags.Is("rm") && policy is not ("" or "no"))
            throw new CommandException("Conflicting options: --restart and --rm");
        if (policy is not ("" or "no" or "always" or "on-failure" or "unless-stopped"))
            throw Refused($"invalid restart policy '{policy}'");
        if (DockerSize.TryParse(flags.Text("memory"), out long bytes) && bytes is > 0 and < MemoryBytesMin)
            throw Refused("Minimum memory limit allowed is 6MB.");
        if (decimal.TryParse(flags.Text("cpus"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal cpus) && (cpus < 0.01m || cpus > call.Host.Facts.CpuCount))
            throw Refused(string.Create(CultureInfo.InvariantCulture, $"Range of CPUs is from 0.01 to {call.Host.Facts.CpuCount}.00, as there are only {call.Host.Facts.CpuCount} CPUs available"));
    }

    private static bool HasNoCommand(Invocation call, ContainerConfiguration image) => call.Arguments.Count == 1
        && call.Flags.Text("entrypoint").Length == 0 && (call.Flags.IsGiven("entrypoint") || (image.Entrypoint ?? []).IsEmpty) && (image.Command ?? []).IsEmpty;

    private static void PullMissing(Invocation call, string reference)
    {
        if (ImageName.IsId(reference))
            throw Refused($"No such image: {ContentIds.Prefix}{ContentIds.Hex(reference)}");
        ImageName name = ImageName.Parse(reference).WithDefaultTag();
        if (call.Flags.Text("pull") == "never")
            throw Refused($"No such image: {name.Familiar}");
        call.Complain($"Unable to find image '{name.Familiar}' locally");
        ImagePull.Pull(call, name, call.Streams.Error);
    }

    private static ContainerConfiguration Configure(Invocation call)
    {
        FlagValues flags = call.Flags;
        string[] command = [.. call.Arguments.Skip(1)];
        bool isDetached = flags.Is("detach");
        ContainerConfiguration configuration = new()
        {
            User = flags.Text("user"),
            WorkingDirectory = flags.Text("workdir"),
            IsTty = flags.Is("tty"),
            OpensInput = flags.Is("interactive"),
            AttachesInput = flags.Is("interactive") && !isDetached,
            AttachesOutput = !isDetached,
            Environment = flags.Texts("env") is { Count: > 0 } environment ? [.. environment] : null,
            Command = command.Length > 0 ? [.. command] : null,
            Entrypoint = flags.IsGiven("entrypoint") ? flags.Text("entrypoint") is { Length: > 0 } entrypoint ? [entrypoint] : [""] : null,
            Labels = flags.Texts("label") is { Count: > 0 } labels ? Labels(labels) : null,
            StopSignal = flags.Text("stop-signal") is "SIGTERM" ? "" : flags.Text("stop-signal"),
        };
        return configuration;
    }

    public static ImmutableSortedDictionary<string, string> Labels(IEnumerable<string> texts)
    {
        ImmutableSortedDictionary<string, string>.Builder labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=');
            labels[equals < 0 ? text : text[..equals]] = equals < 0 ? "" : text[(equals + 1)..];
        }

        return labels.ToImmutable();
    }

    private static string NetworkOf(Invocation call) => call.Flags.Text("network", call.Flags.Text("net")) is { Length: > 0 } network ? network : DefaultNetwork;

    /// <summary>Volumes that are named, those without a name, and those the image asks for.</summary>
    private static List<VolumeMount> Mounts(Invocation call, string reference)
    {
        List<VolumeMount> mounts = [];
        foreach (string text in call.Flags.Texts("volume"))
        {
            string[] parts = text.Split(':');
            string path = parts.Length > 1 ? parts[1] : parts[0];
            if (!path.StartsWith('/'))
                throw Refused($"invalid volume specification: '{text}': invalid mount config for type \"{(parts[0].StartsWith('/') && parts.Length > 1 ? "bind" : "volume")}\": invalid mount path: '{path}' mount path must be absolute");
            if (parts.Length > 1 && parts[0].StartsWith('/'))
                throw new CommandException($"storagelab: {text}: the lab's hosts have no directories of their own to mount; use a named volume");
            mounts.Add(Mount(call, parts.Length > 1 ? parts[0] : "", path));
        }

        Image image = call.Engine.Images.Find(reference, out _)!;
        foreach (string path in image.Configuration.Configuration.Volumes ?? [])
        {
            if (mounts.All(mount => mount.Path.ToString(call.Engine.Names) != path))
                mounts.Add(Mount(call, "", path));
        }

        return mounts;
    }

    private static VolumeMount Mount(Invocation call, string name, string path)
    {
        if (name.Length > 0 && !Name().IsMatch(name))
        {
            throw Refused($"create {name}: \"{name}\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. "
                + "If you intended to pass a host directory, use absolute path");
        }

        DockerOutcome outcome = call.Engine.Volumes.Create(name.Length > 0 ? name : call.Engine.NewId(), null, isAnonymous: name.Length == 0, out Volume? volume);
        Invocation.Demand(outcome);
        return new VolumeMount(volume!, ContainerPath.Parse(call.Engine.Names, path));
    }

    private static CommandException Refused(string text) => new(DockerOutcome.Refused(text).Error);

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9_.-]+$")]
    private static partial Regex Name();
}
