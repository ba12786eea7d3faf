using System.Collections.Immutable;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Docker.Containers;
using StorageLab.Shell.Docker.Images;
using StorageLab.Shell.Docker.Processes;
using StorageLab.Shell.GoTemplates;

namespace StorageLab.Shell.Docker.Builds;

/// <summary>Builds an image instruction by instruction, each in a container of the image before it.</summary>
/// <remarks>Source: moby v20.10.24, builder/dockerfile/builder.go, dispatchers.go and internals.go.</remarks>
internal sealed class ClassicBuilder(Invocation call, BuildContext context, TextWriter output)
{
    /// <summary>What the daemon puts around what a process writes to its error stream.</summary>
    private const string ErrorColour = "\u001b[91m";
    private const string NoColour = "\u001b[0m";

    /// <summary>Of the stage; those before FROM count in FROM alone, until the stage declares them without a value of its own.</summary>
    private readonly SortedDictionary<string, string> _arguments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _globalArguments = new(StringComparer.Ordinal);
    private bool _usesCache = !call.Flags.Is("no-cache");

    /// <summary>Carries out the Dockerfile.</summary>
    /// <exception cref="DockerfileException">It is malformed.</exception>
    /// <exception cref="CommandException">An instruction failed.</exception>
    public Image Build()
    {
        List<DockerfileInstruction> instructions = [.. DockerfileReader.Read(context.Dockerfile, context.DockerfileName)];
        // Labels of the command line are one more instruction (builder/dockerfile/builder.go, buildLabelOptions and build).
        if (call.Flags.Texts("label") is { Count: > 0 } labels)
            instructions.Add(LabelInstruction(labels));
        Image? image = null;
        ContainerConfiguration configuration = ContainerConfiguration.Empty;
        for (var step = 0; step < instructions.Count; step++)
        {
            DockerfileInstruction instruction = instructions[step];
            if (image is null && instruction.Keyword is not ("FROM" or "ARG"))
                throw new DockerfileException("no build stage in current context");
            output.Write($"Step {step + 1}/{instructions.Count} : {instruction.Text}\n");
            if (instruction.Keyword == "FROM")
            {
                image = From(instruction);
                configuration = image.Configuration.Configuration;
            }
            else if (image is not null)
            {
                (image, configuration) = Dispatch(image, configuration, instruction);
            }
            else
            {
                SetArgument(instruction, _globalArguments);
                continue;
            }

            output.Write($" ---> {ContentIds.Truncated(image.Id)}\n");
        }

        return image ?? throw new DockerfileException("no build stage in current context");
    }

    private static DockerfileInstruction LabelInstruction(IReadOnlyList<string> labels)
    {
        IEnumerable<string> pairs = ContainerOptions.Labels(labels).Select(label => $"{GoFormat.Quote(label.Key)}={GoFormat.Quote(label.Value)}");
        return DockerfileReader.Read($"LABEL {string.Join(' ', pairs)}", "")[0] with { Text = "LABEL " + string.Join(' ', labels) };
    }

    private Image From(DockerfileInstruction instruction)
    {
        string reference = DockerfileReader.Words(DockerfileReader.Expand(instruction.Rest, name => _globalArguments.GetValueOrDefault(name)))[0];
        if (reference == "scratch")
            throw new CommandException("storagelab: FROM scratch is not modelled; begin with an image of the catalog or an archive");
        if (call.Engine.Images.Find(reference, out _) is { } known)
            return known;
        ImageName name = ImageName.TryParse(reference, out string? error)?.WithDefaultTag()
            ?? throw new DockerfileException($"failed to parse reference: \"{reference}\": {error}");
        try
        {
            ImagePull.Pull(call, name, output);
        }
        catch (CommandException e)
        {
            // The builder's errors come through its stream, without the daemon's prefix.
            throw new CommandException(e.Message.Replace(DockerOutcome.Refused("").Error, "", StringComparison.Ordinal));
        }

        return call.Engine.Images.Find(reference, out _)!;
    }

    private (Image Image, ContainerConfiguration Configuration) Dispatch(Image image, ContainerConfiguration configuration, DockerfileInstruction instruction)
    {
        if (instruction.Keyword == "ARG")
            SetArgument(instruction, _arguments);
        if (instruction.Keyword == "RUN")
            return (Run(image, configuration, instruction), configuration);
        if (instruction.Keyword is "COPY" or "ADD")
            return (Copy(image, configuration, instruction), configuration);
        ConfigurationChange change = ConfigurationChange.Of(configuration, instruction, text => Expand(text, configuration))!;
        bool isWorkdir = instruction.Keyword == "WORKDIR";
        string[] words = ["/bin/sh", "-c", isWorkdir ? $"#(nop) {change.Comment}" : "#(nop) ", .. isWorkdir ? Array.Empty<string>() : [change.Comment]];
        Image made = Make(image, change.Configuration, words, starts: false, container =>
            isWorkdir ? Do(container, new ContainerOperation.MakeDirectory(ContainerPath.Parse(call.Engine.Names, change.Configuration.WorkingDirectory))) : DockerOutcome.Ok);
        return (made, change.Configuration);
    }

    private Image Run(Image image, ContainerConfiguration configuration, DockerfileInstruction instruction)
    {
        string[] command = DockerfileReader.TryReadList(instruction.Rest) ?? [.. configuration.Shell ?? ["/bin/sh", "-c"], instruction.Rest];
        string[] shown = _arguments.Count == 0 ? command : [$"|{_arguments.Count}", .. _arguments.Select(argument => $"{argument.Key}={argument.Value}"), .. command];
        return Make(image, configuration, shown, starts: true, container =>
        {
            StringWriter errors = new();
            ContainerProgram program = new(call.Host, container, _arguments);
            ProgramEnd end = program.Problem(command[0]) is { } problem
                ? throw new CommandException($"failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: {problem}: unknown")
                : program.Run(command, new ShellStreams(TextReader.Null, output, errors), readsInput: false);
            if (errors.ToString() is { Length: > 0 } text)
                output.Write($"{ErrorColour}{text}{NoColour}");
            if (end.RunsOn)
                throw new CommandException($"storagelab: what '{command[0]}' would do is not modelled; write it as dd, cp, rm, mkdir, touch or truncate");
            call.Host.Lab.Machine.PassTimeUntil(call.Host.Lab.Machine.Clock.NowNanoseconds + end.SleepNanoseconds);
            container.ExitCode = end.ExitCode;
            return end.ExitCode == 0
                ? DockerOutcome.Ok
                : throw new CommandException($"The command '{string.Join(' ', command)}' returned a non-zero code: {end.ExitCode}", end.ExitCode);
        });
    }

    private Image Copy(Image image, ContainerConfiguration configuration, DockerfileInstruction instruction)
    {
        if (instruction.Flags.Any(flag => flag.StartsWith("--from", StringComparison.Ordinal)))
            throw new CommandException("storagelab: COPY --from is not modelled; a Dockerfile has one stage here");
        string[] words = DockerfileReader.TryReadList(instruction.Rest) ?? [.. DockerfileReader.Words(Expand(instruction.Rest, configuration))];
        if (words.Length < 2)
            throw new DockerfileException($"failed to parse Dockerfile: {instruction.Keyword} requires at least two arguments, but only one was provided. Destination could not be determined.");
        string target = words[^1].StartsWith('/') ? words[^1] : $"{configuration.WorkingDirectory.TrimEnd('/')}/{words[^1]}";
        List<(string Path, long Bytes)> files = [];
        List<string> sums = [];
        foreach (string source in words[..^1])
        {
            IReadOnlyList<ContextFile> found = context.Find(source, out bool isDirectory)
                ?? throw new CommandException(
                    $"{instruction.Keyword} failed: file not found in build context or excluded by .dockerignore: stat {source}: file does not exist");
            bool isInto = isDirectory || target.EndsWith('/') || words.Length > 2;
            files.AddRange(found.Select(file => (isInto ? $"{target.TrimEnd('/')}/{file.Path}" : target, file.Bytes)));
            sums.Add(isDirectory ? $"dir:{ContextFile.SumOf(found.Select(file => file.Sum).Order(StringComparer.Ordinal))}" : $"file:{found[0].Sum}");
        }

        string sum = sums.Count == 1 ? sums[0] : $"multi:{ContextFile.SumOf(sums)}";
        string comment = $"#(nop) {instruction.Keyword} {sum} in {words[^1]} ";
        return Make(image, configuration, ["/bin/sh", "-c", comment], starts: false, container => Do(container, [.. files.Select(Operation)]), showsContainer: false, contentKey: comment);
    }

    private ContainerOperation Operation((string Path, long Bytes) file)
    {
        ContainerPath path = ContainerPath.Parse(call.Engine.Names, file.Path.TrimEnd('/'));
        return file.Path.EndsWith('/')
            ? new ContainerOperation.MakeDirectory(path)
            : new ContainerOperation.Create(path, file.Bytes, ContainerFiles.ChunkBytes, FsyncPolicy.Never);
    }

    private DockerOutcome Do(Container container, params ImmutableArray<ContainerOperation> operations) => call.Host.Builder.DoUnstarted(container, operations);

    private Image Make(
        Image image, ContainerConfiguration configuration, string[] command, bool starts, Func<Container, DockerOutcome> work, bool showsContainer = true,
        string contentKey = "")
    {
        string key = string.Join(' ', command);
        if (_usesCache && call.Engine.Images.TryGetCached(image.Id, key, out Image? cached))
        {
            output.Write(" ---> Using cache\n");
            return cached!;
        }

        _usesCache = false;
        BuildWork step = new()
        {
            Name = ContainerNames.Draw(call.Engine),
            Starts = starts,
            Command = [.. command],
            Description = new CommitDescription
            {
                Configuration = configuration with { Image = image.Id },
                ContainerConfiguration = configuration with { Command = [.. command], Image = image.Id },
                CacheKey = key,
                ContentKey = contentKey,
            },
            Work = container =>
            {
                if (showsContainer)
                    output.Write($" ---> Running in {ContentIds.Truncated(container.Id)}\n");
                return work(container);
            },
            KeepsContainer = call.Flags.IsGiven("rm") && !call.Flags.Is("rm"),
        };
        DockerOutcome outcome = call.Host.Builder.Make(image, step, out Image? made, out Container? container);
        if (!outcome.IsOk)
        {
            call.Did("build", call.Flags.Text("tag"), outcome);
            throw new CommandException(outcome.Error);
        }

        if (showsContainer && !step.KeepsContainer)
            output.Write($"Removing intermediate container {ContentIds.Truncated(container!.Id)}\n");
        return made!;
    }

    private void SetArgument(DockerfileInstruction instruction, IDictionary<string, string> arguments)
    {
        string[] parts = instruction.Rest.Split('=', 2);
        string? given = call.Flags.Texts("build-arg").Select(text => text.Split('=', 2)).FirstOrDefault(pair => pair[0] == parts[0] && pair.Length > 1)?[1];
        if (given is not null || parts.Length > 1)
            arguments[parts[0]] = given ?? parts[1].Trim('"', '\'');
        else if (_globalArguments.TryGetValue(parts[0], out string? global))
            arguments[parts[0]] = global;
    }

    private string Expand(string text, ContainerConfiguration configuration) => DockerfileReader.Expand(text, name =>
        (configuration.Environment ?? []).Select(entry => entry.Split('=', 2)).FirstOrDefault(entry => entry[0] == name)?[1]
        ?? (_arguments.TryGetValue(name, out string? value) ? value : null));
}
