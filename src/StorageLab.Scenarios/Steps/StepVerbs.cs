using System.Collections.Immutable;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Values;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Steps;

/// <summary>The words for steps, and how each is read. Loops, groups and choices are in <see cref="StepReader"/>.</summary>
internal static class StepVerbs
{
    private static readonly Setting Container = new("name", SettingKind.Name, "the container's name", true);
    private static readonly Setting InContainer = new("in", SettingKind.Name, "the container", true);
    private static readonly Setting Image = new("image", SettingKind.Name, "an image on the host, by tag or ID", true);
    private static readonly Setting Offered =
        new("image", SettingKind.Name, "an image of the catalog by key or tag, or of the scenario's own archives", true);
    private static readonly Setting NewReference = new("as", SettingKind.Name, "the new name:tag", true);
    private static readonly Setting Force = new("force", SettingKind.Boolean, "as -f does; false when not given");
    private static readonly ImmutableArray<string> PruneWords = ["dangling", "all", "containers"];

    public static ImmutableArray<StepVerb> All { get; } =
    [
        new("pull", "docker pull", "image", [Offered], settings =>
        {
            Value<ImageDefinition> image = settings.Image("image");
            return scope => new Step.Pull(image.Get(scope));
        }),
        new("load", "docker load of an image as an archive", "image", [Offered], settings =>
        {
            Value<ImageDefinition> image = settings.Image("image");
            return scope => new Step.Load(image.Get(scope));
        }),
        new("tag", "docker tag", null, [Image, NewReference], settings =>
        {
            (Value<string> image, Value<string> reference) = (settings.Text("image"), settings.NewReference("as"));
            return scope => new Step.Tag(image.Get(scope), reference.Get(scope));
        }),
        new("run", "docker run -d: a container whose process sleeps", null, [Image, Container], settings =>
        {
            (Value<string> image, Value<string> name) = (settings.Text("image"), settings.Text("name"));
            return scope => new Step.Run(image.Get(scope), name.Get(scope));
        }),
        new("create", "docker create", null, [Image, Container], settings =>
        {
            (Value<string> image, Value<string> name) = (settings.Text("image"), settings.Text("name"));
            return scope => new Step.CreateContainer(image.Get(scope), name.Get(scope));
        }),
        Named("start", "docker start", "name", [Container], (name, _) => new Step.Start(name)),
        Named("stop", "docker stop", "name", [Container], (name, _) => new Step.Stop(name)),
        Named("rm", "docker rm; with force a running container too", "name", [Container, Force], (name, force) => new Step.RemoveContainer(name, force)),
        Named("rmi", "docker rmi", "image", [Image, Force], (image, force) => new Step.RemoveImage(image, force)),
        new("prune", "docker image prune, image prune -a, or container prune", "what",
            [new("what", SettingKind.Choice, "dangling images (default), all unused images, or stopped containers") { Choices = PruneWords }], Prune),
        new("commit", "docker commit", null, [new("container", SettingKind.Name, "the container", true), NewReference], settings =>
        {
            (Value<string> container, Value<string> reference) = (settings.Text("container"), settings.NewReference("as"));
            return scope => new Step.Commit(container.Get(scope), reference.Get(scope));
        }),
        new("build", "docker build", null,
            [
                new("from", SettingKind.Name, "the image it begins with", true), new("tag", SettingKind.Name, "the name:tag of what it makes", true),
                new("instructions", SettingKind.Instructions, "each a text as in a Dockerfile, with what it does to the files", true),
            ], Build),
        .. OperationVerbs.All.Select(InContainerVerb),
        new("exec", "docker exec: a process that does several things to its files", null,
            [InContainer, new("do", SettingKind.Operations, "what it does, in order", true)], Exec),
        Named("fstrim", "fstrim of a container's root", "in", [InContainer], (name, _) => new Step.Fstrim(name)),
        Alone("fstrim-host", "fstrim of the file system that holds Docker's root", new Step.FstrimHost()),
        Alone("system-df", "docker system df, which walks the containers' file systems", new Step.SystemDf()),
        new("wait", "time passes", "time", [new("time", SettingKind.Duration, "how much, e.g. 10s, 3d", true)], settings =>
        {
            Value<long> time = settings.Duration("time");
            return scope =>
            {
                long nanoseconds = time.Get(scope);
                scope.Wait(nanoseconds);
                return new Step.Wait(nanoseconds);
            };
        }),
        Alone("observe", "nothing: takes a sample", new Step.Observe()),
    ];

    private static StepVerb Alone(string name, string summary, Step step) => new(name, summary, null, [], _ => _ => step);

    private static StepVerb Named(string name, string summary, string subject, ImmutableArray<Setting> settings, Func<string, bool, Step> make) =>
        new(name, summary, subject, settings, map =>
        {
            (Value<string> target, Value<bool> force) = (map.Text(subject), map.Boolean("force"));
            return scope => make(target.Get(scope), force.Get(scope));
        });

    private static StepVerb InContainerVerb(OperationVerb verb) =>
        new(verb.Name, verb.Summary + " in a container", null, [InContainer, .. verb.Settings], settings =>
        {
            (Value<string> container, OperationMaker make) = (settings.Text("in"), verb.Compile(settings));
            return scope => new Step.Write(container.Get(scope), [make(scope)]);
        });

    private static StepMaker Exec(SettingMap settings)
    {
        Value<string> container = settings.Text("in");
        ImmutableArray<OperationMaker> operations = ReadOperations(settings, settings.Find("do"), "do");
        return scope => new Step.Write(container.Get(scope), OperationVerbs.Make(operations, scope));
    }

    private static StepMaker Prune(SettingMap settings)
    {
        Value<string> what = settings.Choice("what", "dangling", PruneWords);
        return scope => what.Get(scope) switch
        {
            "containers" => new Step.PruneContainers(),
            string images => new Step.PruneImages(images == "all"),
        };
    }

    private static StepMaker Build(SettingMap settings)
    {
        (Value<string> from, Value<string> tag) = (settings.Text("from"), settings.NewReference("tag"));
        ImmutableArray<(Value<string> Text, ImmutableArray<OperationMaker> Operations)> instructions =
            [.. settings.Items("instructions").Select(item => Instruction(settings, item))];
        return scope =>
        {
            scope.Spend(instructions.Length);
            return new Step.Build(from.Get(scope), tag.Get(scope), [.. instructions.Select(instruction =>
                new BuildInstruction(instruction.Text.Get(scope), OperationVerbs.Make(instruction.Operations, scope)))]);
        };
    }

    private static (Value<string> Text, ImmutableArray<OperationMaker> Operations) Instruction(SettingMap settings, YamlNode item)
    {
        switch (item)
        {
            case YamlText text:
                return (settings.Read(text, "instruction", "", value => value), []);
            case YamlMap { Entries: [(YamlText text, YamlNode operations)] }:
                return (settings.Read(text, "instruction", "", value => value), ReadOperations(settings, operations, "an instruction"));
            default:
                settings.Fail(item, "an instruction is a text, or a text with a list of what it does: 'RUN make': [write: {path: /a, size: 1MiB}]");
                return (new Value<string>(""), []);
        }
    }

    private static ImmutableArray<OperationMaker> ReadOperations(SettingMap settings, YamlNode? node, string subject)
    {
        if (node is null)
            return [];
        ImmutableArray<OperationMaker> operations = OperationVerbs.ReadList(node, subject, settings.Variables, settings.Context, out bool hasFailed);
        if (hasFailed)
            settings.MarkFailed();
        return operations;
    }
}
