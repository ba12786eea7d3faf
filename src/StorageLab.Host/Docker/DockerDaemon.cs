using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;

namespace StorageLab.Host.Docker;

/// <summary>A Docker daemon over its API: what a replay asks of it. Everything made carries a label.</summary>
/// <remarks>Calls wait for their answer. Each throws <see cref="DaemonException"/> when the daemon refuses, and
/// <see cref="OperationCanceledException"/> when the measurement was stopped.</remarks>
public sealed class DockerDaemon : IDisposable
{
    /// <summary>A write on a full pool waits a minute for room (dm-thin's no_space_timeout); a large load takes longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal) { [ImageArchive.Label] = ImageArchive.LabelValue };

    private readonly DockerClient _client;

    private DockerDaemon(DockerClient client, SystemInfoResponse info)
    {
        _client = client;
        Info = info;
        Driver = StatusOf(info);
    }

    /// <summary>What it said of itself when it was opened.</summary>
    public SystemInfoResponse Info { get; }

    public DaemonDriver Driver { get; }

    public KernelVersion Kernel => KernelVersion.TryParse(Info.KernelVersion ?? "", out KernelVersion kernel) ? kernel : default;

    /// <summary>Connects to a daemon.</summary>
    /// <param name="endpoint">Its socket, e.g. <c>unix:///var/run/docker.sock</c>.</param>
    /// <exception cref="MeasureException">There is no such socket, nobody answers, or it may not be used.</exception>
    public static DockerDaemon Open(Uri endpoint, CancellationToken cancellation)
    {
        if (endpoint.Scheme != "unix")
            throw new MeasureException($"{endpoint}: the disk under a daemon can only be read on its own machine; give its socket, such as unix:///var/run/docker.sock");
        string socket = endpoint.LocalPath;
        if (!File.Exists(socket))
            throw new MeasureException($"{socket}: there is no such socket; start the daemon, or give its socket with --host unix://PATH");
        DockerClient client = new DockerClientBuilder().WithEndpoint(endpoint).WithTimeout(Patience).Build();
        try
        {
            return new DockerDaemon(client, Wait(client.System.GetSystemInfoAsync(cancellation)));
        }
        catch (DaemonException e)
        {
            client.Dispose();
            throw new MeasureException($"{socket}: {e.Message}");
        }
        catch (MeasureException e)
        {
            client.Dispose();
            bool isForbidden = e.Message.Contains("denied", StringComparison.OrdinalIgnoreCase);
            throw new MeasureException(isForbidden ? $"{socket}: may not be used by this user; run as root" : $"{socket}: {e.Message}");
        }
    }

    public void Dispose() => _client.Dispose();

    internal static DaemonDriver StatusOf(SystemInfoResponse info) => new(
        info.Driver ?? "",
        [.. (info.DriverStatus ?? []).Where(line => line.Length == 2).Select(line => KeyValuePair.Create(line[0], line[1]))],
        info.DockerRootDir ?? "");

    /// <summary>What it says of itself now.</summary>
    public SystemInfoResponse ReadInfo(CancellationToken cancellation) => Wait(_client.System.GetSystemInfoAsync(cancellation));

    public void Load(Stream archive, CancellationToken cancellation)
    {
        string? error = null;
        Progress progress = new(message => error ??= message.Error?.Message);
        Wait(_client.Images.LoadImageAsync(new ImageLoadParameters { Quiet = true }, archive, progress, cancellation));
        if (error is not null)
            throw new DaemonException(error.Trim());
    }

    public void Tag(string reference, string newReference, CancellationToken cancellation)
    {
        (string repository, string tag) = Split(newReference);
        Wait(_client.Images.TagImageAsync(reference, new ImageTagParameters { RepositoryName = repository, Tag = tag }, cancellation));
    }

    /// <returns>The container's id.</returns>
    public string Create(string reference, string name, IReadOnlyList<string> command, CancellationToken cancellation)
    {
        CreateContainerParameters request = new()
        {
            Image = reference,
            Name = name,
            Cmd = [.. command],
            Labels = Labels,
            HostConfig = new HostConfig { NetworkMode = "none" },
        };
        return Wait(_client.Containers.CreateContainerAsync(request, cancellation)).ID ?? "";
    }

    public void Start(string container, CancellationToken cancellation) =>
        Wait(_client.Containers.StartContainerAsync(container, new ContainerStartParameters(), cancellation));

    /// <summary>docker stop: a first process that only waits takes no SIGTERM, so it gets at once the SIGKILL that ends the ten seconds' grace.</summary>
    public void Stop(string container, CancellationToken cancellation)
    {
        if (ProcessOf(container, cancellation) is null)
            return;
        Wait(_client.Containers.KillContainerAsync(container, new ContainerKillParameters(), cancellation));
        Wait(_client.Containers.WaitContainerAsync(container, cancellation));
    }

    public void RemoveContainer(string container, bool force, CancellationToken cancellation) =>
        Wait(_client.Containers.RemoveContainerAsync(container, new ContainerRemoveParameters { Force = force, RemoveVolumes = true }, cancellation));

    public void RemoveImage(string reference, bool force, CancellationToken cancellation) =>
        Wait(_client.Images.DeleteImageAsync(reference, new ImageDeleteParameters { Force = force }, cancellation));

    /// <summary>docker image prune, of nothing but what is labelled: others' dangling images are none of a scenario's business.</summary>
    public void PruneImages(bool all, CancellationToken cancellation)
    {
        Dictionary<string, IDictionary<string, bool>> filters = LabelFilter();
        if (all)
            filters["dangling"] = new Dictionary<string, bool> { ["false"] = true };
        Wait(_client.Images.PruneImagesAsync(new ImagesPruneParameters { Filters = filters }, cancellation));
    }

    /// <summary>docker container prune, of nothing but what is labelled.</summary>
    public void PruneContainers(CancellationToken cancellation) =>
        Wait(_client.Containers.PruneContainersAsync(new ContainersPruneParameters { Filters = LabelFilter() }, cancellation));

    /// <returns>The new image's id.</returns>
    public string Commit(string container, string? reference, CancellationToken cancellation)
    {
        CommitContainerChangesParameters request = new() { ContainerID = container, Pause = false };
        if (reference is not null)
            (request.RepositoryName, request.Tag) = Split(reference);
        return Wait(_client.Images.CommitContainerChangesAsync(request, cancellation)).ID ?? "";
    }

    /// <summary>docker system df.</summary>
    public void SystemDf(CancellationToken cancellation) =>
        Wait(_client.System.GetDataUsageInfoAsync(new SytemDataUsageInfoParameters(), cancellation));

    /// <summary>Id of the image a reference leads to; null where there is none.</summary>
    public string? FindImage(string reference, CancellationToken cancellation)
    {
        try
        {
            return Wait(_client.Images.InspectImageAsync(reference, cancellation)).ID;
        }
        catch (DaemonException)
        {
            return null;
        }
    }

    /// <summary>Number of the first process of a running container; null where it does not run.</summary>
    /// <exception cref="DaemonException">There is no such container.</exception>
    public long? ProcessOf(string container, CancellationToken cancellation) =>
        Wait(_client.Containers.InspectContainerAsync(container, cancellation)).State is { Running: true, Pid: > 0 } state ? state.Pid : null;

    public string IdOf(string container, CancellationToken cancellation) =>
        Wait(_client.Containers.InspectContainerAsync(container, cancellation)).ID ?? "";

    /// <summary>Listed images, and those of them without a name.</summary>
    public (int Count, int DanglingCount) CountImages(CancellationToken cancellation)
    {
        IList<ImagesListResponse> images = Wait(_client.Images.ListImagesAsync(new ImagesListParameters(), cancellation));
        return (images.Count, images.Count(image => image.RepoTags is not { Count: > 0 } tags || tags[0] == "<none>:<none>"));
    }

    /// <summary>References of all images, and whether each was made by a measurement.</summary>
    public IEnumerable<(string Reference, bool IsOurs)> ListReferences(CancellationToken cancellation) =>
        Wait(_client.Images.ListImagesAsync(new ImagesListParameters(), cancellation))
            .SelectMany(image => (image.RepoTags ?? []).Select(tag => (tag, IsOurs(image.Labels))));

    /// <summary>Names of all containers, and whether each was made by a measurement.</summary>
    public IEnumerable<(string Name, bool IsOurs)> ListContainers(CancellationToken cancellation) =>
        Wait(_client.Containers.ListContainersAsync(new ContainersListParameters { All = true }, cancellation))
            .SelectMany(container => (container.Names ?? []).Select(name => (name.TrimStart('/'), IsOurs(container.Labels))));

    /// <summary>Removes everything that carries the label: containers, then images until none goes any more.</summary>
    /// <returns>What could not be removed and why; empty when all is gone.</returns>
    public ImmutableArray<string> RemoveOurs()
    {
        List<string> left = [];
        ContainersListParameters ours = new() { All = true, Filters = LabelFilter() };
        foreach (ContainerListResponse container in Wait(_client.Containers.ListContainersAsync(ours, CancellationToken.None)))
            Try(() => RemoveContainer(container.ID, force: true, CancellationToken.None), left);
        for (var before = int.MaxValue; ;)
        {
            left.RemoveAll(line => line.StartsWith(ContentIds.Prefix, StringComparison.Ordinal));
            IList<ImagesListResponse> images = Wait(_client.Images.ListImagesAsync(new ImagesListParameters { All = true, Filters = LabelFilter() }, CancellationToken.None));
            if (images.Count == 0 || images.Count >= before)
                return [.. left];
            before = images.Count;
            foreach (ImagesListResponse image in images)
                Try(() => RemoveImage(image.ID, force: true, CancellationToken.None), left, image.ID + ": ");
        }
    }

    private static void Try(Action remove, List<string> left, string name = "")
    {
        try
        {
            remove();
        }
        catch (DaemonException e)
        {
            left.Add(name + e.Message);
        }
    }

    private static bool IsOurs(IDictionary<string, string>? labels) => labels is not null && labels.ContainsKey(ImageArchive.Label);

    private static Dictionary<string, IDictionary<string, bool>> LabelFilter() => new(StringComparer.Ordinal)
    {
        ["label"] = new Dictionary<string, bool> { [$"{ImageArchive.Label}={ImageArchive.LabelValue}"] = true },
    };

    private static (string Repository, string Tag) Split(string reference)
    {
        int colon = reference.LastIndexOf(':');
        return colon > reference.LastIndexOf('/') ? (reference[..colon], reference[(colon + 1)..]) : (reference, ImageName.DefaultTag);
    }

    private static T Wait<T>(Task<T> call)
    {
        Wait((Task)call);
        return call.Result;
    }

    private static void Wait(Task call)
    {
        try
        {
            call.GetAwaiter().GetResult();
        }
        catch (DockerApiException e)
        {
            throw new DaemonException($"Error response from daemon: {MessageOf(e)}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or TimeoutException)
        {
            throw new MeasureException($"the daemon does not answer: {e.GetBaseException().Message.ReplaceLineEndings(" ")}");
        }
    }

    private static string MessageOf(DockerApiException e)
    {
        try
        {
            using JsonDocument body = JsonDocument.Parse(e.ResponseBody ?? "");
            if (body.RootElement.TryGetProperty("message", out JsonElement message) && message.GetString() is { } text)
                return text.Trim();
        }
        catch (Exception parsing) when (parsing is JsonException or InvalidOperationException)
        {
            // Not the daemon's JSON: a proxy's page, or nothing.
        }

        return e.StatusCode == HttpStatusCode.OK ? e.Message.Trim() : (e.ResponseBody ?? e.StatusCode.ToString()).Trim();
    }

    private sealed class Progress(Action<JSONMessage> report) : IProgress<JSONMessage>
    {
        public void Report(JSONMessage value) => report(value);
    }
}
