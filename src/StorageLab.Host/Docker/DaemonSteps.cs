using System.Globalization;
using Microsoft.Win32.SafeHandles;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;

namespace StorageLab.Host.Docker;

/// <summary>Does a scenario's steps on a real daemon.</summary>
/// <param name="daemon">Where.</param>
/// <param name="host">What else may be done there.</param>
/// <param name="names">The table of the scenario's paths.</param>
internal sealed class DaemonSteps(DockerDaemon daemon, IHostControl host, NameTable names)
{
    private const string RunPrefix = "RUN ";

    /// <summary>Long enough for every commit and writeback of the kernel's own (dirty_expire_centisecs is 30 seconds).</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(40);

    private readonly ImageArchive _archive = new(names);
    private readonly Dictionary<string, long> _containerBytes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _writtenPaths = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Parent, string Instruction), string> _buildCache = [];
    private int _buildContainerCount;

    /// <summary>The daemon; another one after a restart.</summary>
    public DockerDaemon Daemon { get; private set; } = daemon;

    /// <summary>Bytes that containers' processes have written so far.</summary>
    public long WrittenBytes { get; private set; }

    /// <summary>Sizes of the files that containers wrote and still hold.</summary>
    public long ContainersBytes => _containerBytes.Values.Sum();

    /// <summary>How long a step really waits: nobody sits out the days that a scenario lets pass.</summary>
    public static TimeSpan TimeWaited(Step.Wait wait) => wait.Nanoseconds < LongestWait.TotalNanoseconds ? TimeSpan.FromMilliseconds(wait.Nanoseconds / 1e6) : LongestWait;

    /// <summary>Does one step.</summary>
    /// <exception cref="DaemonException">The daemon refused, or its storage gave out.</exception>
    /// <exception cref="IOException">A container's process failed, as on a full disk.</exception>
    public void Do(Step step, CancellationToken cancellation)
    {
        switch (step)
        {
            case Step.Pull pull: Load(pull.Image, cancellation); break;
            case Step.Load load: Load(load.Image, cancellation); break;
            case Step.Tag tag: Daemon.Tag(tag.Reference, tag.NewReference, cancellation); break;
            case Step.Run run:
                Daemon.Create(run.Reference, run.Container, CommandOf(run.Program), cancellation);
                Daemon.Start(run.Container, cancellation);
                break;
            case Step.CreateContainer create: Daemon.Create(create.Reference, create.Container, CommandOf(create.Program), cancellation); break;
            case Step.Start start: Daemon.Start(start.Container, cancellation); break;
            case Step.Stop stop: Daemon.Stop(stop.Container, cancellation); break;
            case Step.RemoveContainer remove:
                Daemon.RemoveContainer(remove.Container, remove.Force, cancellation);
                Forget(remove.Container);
                break;
            case Step.RemoveImage remove: Daemon.RemoveImage(remove.Reference, remove.Force, cancellation); break;
            case Step.PruneImages prune: Daemon.PruneImages(prune.All, cancellation); break;
            case Step.PruneContainers: PruneContainers(cancellation); break;
            case Step.Commit commit: Daemon.Commit(commit.Container, commit.NewReference, cancellation); break;
            case Step.Build build: Build(build, cancellation); break;
            case Step.Write write: Write(write.Container, write.Operations, cancellation); break;
            case Step.Fstrim fstrim: Trim(fstrim.Container, cancellation); break;
            case Step.FstrimHost: TrimHost(); break;
            case Step.SystemDf systemDf:
                for (var time = 0; time < systemDf.Times; time++)
                    Daemon.SystemDf(cancellation);
                break;
            case Step.RestartDaemon: Daemon = host.RestartDaemon(Daemon, cancellation); break;
            case Step.Wait wait: cancellation.WaitHandle.WaitOne(TimeWaited(wait)); break;
            case Step.DropCaches: File.WriteAllText("/proc/sys/vm/drop_caches", "3"); break;
            case Step.Observe: break;
            default: throw new ArgumentOutOfRangeException(nameof(step), step, "no such step");
        }
    }

    /// <summary>A pull's layers are unpacked as a load's are; only the registry is missing.</summary>
    private void Load(ImageDefinition image, CancellationToken cancellation)
    {
        using Stream archive = _archive.Open(image);
        Daemon.Load(archive, cancellation);
    }

    /// <summary>The words that make real programs wait too: those of listings wait whatever they are told.</summary>
    private static string[] CommandOf(string program) =>
        program.EndsWith("sh", StringComparison.Ordinal) ? [program, "-c", "sleep 1000000"] : [program, "sleep", "1000000"];

    private void Write(string container, IEnumerable<ContainerOperation> operations, CancellationToken cancellation)
    {
        string root = RootOf(container, cancellation);
        ContainerWork work = new(root, names);
        try
        {
            work.Do(operations, cancellation);
        }
        finally
        {
            WrittenBytes += work.WrittenBytes;
            if (!_writtenPaths.TryGetValue(container, out HashSet<string>? paths))
                _writtenPaths.Add(container, paths = new HashSet<string>(StringComparer.Ordinal));
            paths.UnionWith(work.TouchedPaths);
            _containerBytes[container] = MeasureFiles(root, paths);
        }
    }

    private static long MeasureFiles(string rootPath, HashSet<string> paths)
    {
        using ContainerRoot root = new(rootPath);
        return paths.Sum(root.SizeBytes);
    }

    private void Forget(string container)
    {
        _containerBytes.Remove(container);
        _writtenPaths.Remove(container);
    }

    private void PruneContainers(CancellationToken cancellation)
    {
        Daemon.PruneContainers(cancellation);
        HashSet<string> left = [.. Daemon.ListContainers(cancellation).Select(container => container.Name)];
        foreach (string gone in _containerBytes.Keys.Where(name => !left.Contains(name)).ToList())
            Forget(gone);
    }

    private void Trim(string container, CancellationToken cancellation)
    {
        using ContainerRoot root = new(RootOf(container, cancellation));
        root.Trim();
    }

    private void TrimHost()
    {
        using SafeFileHandle folder = OpenFolder(Daemon.Driver.RootFolder);
        FileSystemTrim.Trim(folder, Daemon.Driver.RootFolder);
    }

    private static SafeFileHandle OpenFolder(string path)
    {
        int descriptor = LinuxCalls.openat(0, path, ContainerOpen.Directory | ContainerOpen.CloseOnExec, 0);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw new IOException($"{path}: cannot be opened");
    }

    private string RootOf(string container, CancellationToken cancellation) =>
        Daemon.ProcessOf(container, cancellation) is { } process
            ? ContainerRoot.PathOf(process)
            : throw new DaemonException($"Error response from daemon: Container {Daemon.IdOf(container, cancellation)} is not running");

    /// <summary>The classic builder's calls: a container for every instruction, which is committed and removed.</summary>
    private void Build(Step.Build build, CancellationToken cancellation)
    {
        string image = Daemon.FindImage(build.FromReference, cancellation)
            ?? throw new DaemonException($"Error response from daemon: No such image: {build.FromReference}");
        foreach (BuildInstruction instruction in build.Instructions)
        {
            if (_buildCache.TryGetValue((image, instruction.Text), out string? cached) && Daemon.FindImage(cached, cancellation) is not null)
            {
                image = cached;
                continue;
            }

            string name = string.Create(CultureInfo.InvariantCulture, $"storagelab-build-{++_buildContainerCount}");
            Daemon.Create(image, name, CommandOf(DockerEngine.DefaultProgram), cancellation);
            try
            {
                if (!instruction.Operations.IsEmpty || instruction.Text.StartsWith(RunPrefix, StringComparison.Ordinal))
                {
                    Daemon.Start(name, cancellation);
                    if (!instruction.Operations.IsEmpty)
                        Write(name, instruction.Operations, cancellation);
                    Daemon.Stop(name, cancellation);
                }

                string made = Daemon.Commit(name, reference: null, cancellation);
                _buildCache[(image, instruction.Text)] = made;
                image = made;
            }
            finally
            {
                Daemon.RemoveContainer(name, force: true, CancellationToken.None);
                Forget(name);
            }
        }

        Daemon.Tag(image, build.NewReference, cancellation);
    }
}
