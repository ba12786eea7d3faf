using System.Collections.Immutable;
using StorageLab.Model.Images;

namespace StorageLab.Model.Replay;

/// <summary>One thing done to a Docker host. A sample is taken after each.</summary>
public abstract record Step
{
    private Step()
    {
    }

    /// <summary>docker pull: missing layers are fetched and unpacked, the tag moves to the image.</summary>
    public sealed record Pull(ImageDefinition Image) : Step
    {
        /// <summary>The reference it gets, read once: a log pulls the same image many times.</summary>
        public ImageName Name { get; } = ImageName.Parse(Image.Tag);
    }

    /// <summary>docker load of an archive: as a pull, with no registry digest.</summary>
    public sealed record Load(ImageDefinition Image) : Step;

    public sealed record Tag(string Reference, string NewReference) : Step;

    /// <summary>docker run -d: creates and starts a container whose process sleeps.</summary>
    public sealed record Run(string Reference, string Container, string Program = DockerEngine.DefaultProgram) : Step;

    /// <summary>docker create.</summary>
    public sealed record CreateContainer(string Reference, string Container, string Program = DockerEngine.DefaultProgram) : Step;

    public sealed record Start(string Container) : Step;

    public sealed record Stop(string Container) : Step;

    /// <summary>docker rm, or rm -f.</summary>
    public sealed record RemoveContainer(string Container, bool Force) : Step;

    public sealed record RemoveImage(string Reference, bool Force) : Step;

    /// <summary>docker image prune, or image prune -a.</summary>
    public sealed record PruneImages(bool All) : Step;

    /// <summary>docker container prune: removes every stopped container.</summary>
    public sealed record PruneContainers : Step;

    /// <summary>docker commit.</summary>
    public sealed record Commit(string Container, string NewReference) : Step;

    /// <summary>docker build: every instruction runs in an intermediate container that is committed; the last image gets the tag.</summary>
    public sealed record Build(string FromReference, string NewReference, ImmutableArray<BuildInstruction> Instructions) : Step;

    /// <summary>A process in the container works on its files.</summary>
    public sealed record Write(string Container, ImmutableArray<ContainerOperation> Operations) : Step;

    /// <summary>FITRIM on the container's root.</summary>
    public sealed record Fstrim(string Container) : Step;

    /// <summary>fstrim of the file system that holds Docker's root.</summary>
    public sealed record FstrimHost : Step;

    /// <summary>docker system df, which walks containers' file systems, so many times in a row.</summary>
    public sealed record SystemDf(int Times = 1) : Step;

    /// <summary>The daemon stops, with every running container, and starts again.</summary>
    public sealed record RestartDaemon : Step;

    /// <summary>Time passes.</summary>
    public sealed record Wait(long Nanoseconds) : Step;

    /// <summary>The host drops its caches.</summary>
    public sealed record DropCaches : Step;

    /// <summary>Nothing: a sample only.</summary>
    public sealed record Observe : Step;
}
