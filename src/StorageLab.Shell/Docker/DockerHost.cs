using System.Runtime.CompilerServices;
using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Shell.Docker.Daemon;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Docker;

/// <summary>A lab host as Docker's client sees it: its daemon, the images it can pull and load, and what the machine says of itself.</summary>
/// <param name="lab">The host with its driver and daemon.</param>
/// <param name="images">Its registry and archives.</param>
/// <param name="facts">What docker info says of the machine; null for a lab host's own.</param>
public sealed class DockerHost(LabHost lab, IImageSource images, HostFacts? facts = null)
{
    /// <summary>What is saved into a pipe has a name here.</summary>
    internal const string StreamFolder = "/dev/fd/";

    private readonly ConditionalWeakTable<Container, Dictionary<string, string>> _texts = [];
    private readonly Dictionary<string, IReadOnlyList<ImageDefinition>> _saved = new(StringComparer.Ordinal);

    public LabHost Lab => lab;

    public DockerEngine Engine => lab.Engine;

    internal IImageSource Images => images;

    public HostFacts Facts { get; } = facts ?? HostFacts.Of(lab.Variant.Host);

    /// <summary>Images that were pushed, and the registry they can be pulled from.</summary>
    internal Registry Registry { get; } = new(images);

    /// <summary>The shell that docker is called from, whose files a build may use; null outside one.</summary>
    internal ShellState? Shell { get; set; }

    /// <summary>The image of every line of the last image list, none for a heading: the order of one image's lines means nothing.</summary>
    internal IReadOnlyList<string> ListedImageIds { get; set; } = [];

    /// <summary>Images of which the last command wanted to know more than the lab does.</summary>
    internal List<Image> UnknownImages { get; } = [];

    /// <summary>Short texts that a container's processes wrote, by path.</summary>
    internal Dictionary<string, string> TextsOf(Container container) => _texts.GetOrCreateValue(container);

    /// <summary>Builds images by their Dockerfiles.</summary>
    internal ImageBuilder Builder { get; } = new(lab.Engine, lab.Process);

    /// <summary>The images in an archive: one that the host saved, or one of its source; null when there is no such file.</summary>
    /// <exception cref="Scenarios.InputException">The archive is damaged.</exception>
    internal IReadOnlyList<ImageDefinition>? ReadArchive(string path) => IsSaved(path) ? _saved[path] : Images.ReadArchive(path);

    /// <summary>Whether there is an archive at a path.</summary>
    public bool HasArchive(string path) => IsSaved(path) || Images.HasArchive(path);

    /// <summary>Keeps what an archive holds; in a shell its file is there too, empty, until it is removed.</summary>
    internal void SaveArchive(string path, IReadOnlyList<ImageDefinition> images)
    {
        _saved[path] = images;
        _ = Shell?.Files.Write(Shell.Resolve(path), "");
    }

    /// <summary>Whether a path is a folder of the lab's shell or of the machine.</summary>
    internal bool IsFolder(string path) => Shell?.Files.IsDirectory(Shell.Resolve(path)) == true || Directory.Exists(path);

    /// <summary>Whether a path is a file of the lab's shell or of the machine.</summary>
    internal bool HasFile(string path) => Shell?.Files.TryRead(Shell.Resolve(path), out _) == true || File.Exists(path);

    private bool IsSaved(string path) => _saved.ContainsKey(path)
        && (Shell is null || path.StartsWith(StreamFolder, StringComparison.Ordinal) || Shell.Files.TryRead(Shell.Resolve(path), out _));

    /// <summary>The time on the host: it goes on as its disk works and as one waits.</summary>
    public Timestamp Now => lab.Machine.Now;

    /// <summary>What the last command did to the host; null when it only looked.</summary>
    public DockerStep? Step { get; internal set; }

    /// <summary>Processes whose time has come end before the next command is carried out.</summary>
    internal void BeginCommand()
    {
        Step = null;
        ListedImageIds = [];
        foreach (Container container in Engine.Containers.All.Where(container => container.IsRunning && !container.Ends.IsNever && container.Ends <= Now).ToArray())
        {
            _ = Engine.Stop(container, container.ExitCode);
            if (container.IsRemovedAtEnd)
                _ = Engine.RemoveContainer(container.Id, force: false);
        }
    }

    /// <summary>What a command left to write goes to the disk, as after a scenario's step.</summary>
    internal void EndCommand() => lab.Driver.Sync();
}
