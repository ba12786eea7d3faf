using System.Collections.Immutable;
using StorageLab.Model.Images;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.GoTemplates;

namespace StorageLab.Shell.Docker.Builds;

/// <summary>What an instruction without work on files makes of a configuration, and how history words it.</summary>
/// <param name="Configuration">The configuration after it.</param>
/// <param name="Comment">The instruction as history has it, e.g. <c>CMD ["/bin/sh"]</c>.</param>
/// <remarks>Source: moby v20.10.24, builder/dockerfile/dispatchers.go.</remarks>
internal sealed record ConfigurationChange(ContainerConfiguration Configuration, string Comment)
{
    private static readonly string[] ChangeKeywords =
        ["CMD", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "ONBUILD", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"];

    private static readonly string[] ShellForm = ["/bin/sh", "-c"];

    /// <summary>Applies the <c>--change</c> flags of commit and import.</summary>
    /// <exception cref="CommandException">One is no instruction, or one that changes no configuration.</exception>
    public static ContainerConfiguration Apply(ContainerConfiguration configuration, IEnumerable<string> changes)
    {
        foreach (string change in changes)
        {
            string keyword = change.Trim().Split(' ', '\t')[0];
            if (!ChangeKeywords.Contains(keyword, StringComparer.OrdinalIgnoreCase))
                throw new CommandException(DockerOutcome.Refused($"{keyword.ToLowerInvariant()} is not a valid change command").Error);
            try
            {
                foreach (DockerfileInstruction instruction in DockerfileReader.Read(change, "Dockerfile"))
                    configuration = Of(configuration, instruction, text => text)!.Configuration;
            }
            catch (DockerfileException e)
            {
                throw new CommandException(DockerOutcome.Refused(e.Message).Error);
            }
        }

        return configuration;
    }

    /// <param name="expand">Replaces variables.</param>
    /// <returns>Null for an instruction that works on files or is none of a configuration.</returns>
    /// <exception cref="DockerfileException">Its arguments are wrong.</exception>
    public static ConfigurationChange? Of(ContainerConfiguration before, DockerfileInstruction instruction, Func<string, string> expand)
    {
        string rest = instruction.Rest;
        switch (instruction.Keyword)
        {
            case "CMD":
                string[] command = DockerfileReader.TryReadList(rest) ?? [.. before.Shell ?? [.. ShellForm], rest];
                return new(before with { Command = [.. command] }, $"CMD {Quoted(command)}");
            case "ENTRYPOINT":
                string[] entrypoint = DockerfileReader.TryReadList(rest) ?? [.. before.Shell ?? [.. ShellForm], rest];
                return new(before with { Entrypoint = [.. entrypoint], Command = null }, $"ENTRYPOINT {Quoted(entrypoint)}");
            case "ENV":
                (string Key, string Value)[] variables = Pairs(instruction, expand);
                return new(before with { Environment = Set(before.Environment, variables) }, "ENV " + Joined(variables));
            case "LABEL":
                (string Key, string Value)[] labels = Pairs(instruction, expand);
                ImmutableSortedDictionary<string, string> old = before.Labels ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
                return new(before with { Labels = labels.Aggregate(old, (all, label) => all.SetItem(label.Key, label.Value)) }, "LABEL " + Joined(labels));
            case "EXPOSE":
                string[] ports = [.. DockerfileReader.Words(expand(rest)).Order(StringComparer.Ordinal)];
                return new(
                    before with { ExposedPorts = (before.ExposedPorts ?? NoTexts).Union(ports.Select(port => port.Contains('/') ? port : port + "/tcp")) },
                    $"EXPOSE {string.Join(' ', ports)}");
            case "VOLUME":
                string[] volumes = DockerfileReader.TryReadList(rest) ?? [.. DockerfileReader.Words(expand(rest))];
                return new(before with { Volumes = (before.Volumes ?? NoTexts).Union(volumes) }, $"VOLUME [{string.Join(' ', volumes)}]");
            case "USER":
                return new(before with { User = expand(rest) }, $"USER {expand(rest)}");
            case "STOPSIGNAL":
                return new(before with { StopSignal = expand(rest) }, $"STOPSIGNAL {expand(rest)}");
            case "SHELL":
                string[] shell = DockerfileReader.TryReadList(rest) ?? throw new DockerfileException("SHELL requires the arguments to be in JSON form");
                return new(before with { Shell = [.. shell] }, $"SHELL [{string.Join(' ', shell)}]");
            case "ONBUILD":
                return new(before with { OnBuild = [.. before.OnBuild ?? [], rest] }, $"ONBUILD {rest}");
            case "WORKDIR":
                string directory = expand(rest);
                string absolute = directory.StartsWith('/') ? directory : $"{before.WorkingDirectory.TrimEnd('/')}/{directory}";
                return new(before with { WorkingDirectory = absolute }, $"WORKDIR {absolute}");
            case "ARG" or "MAINTAINER" or "HEALTHCHECK":
                return new(before, $"{instruction.Keyword} {expand(rest)}");
            default:
                return null;
        }
    }

    private static ImmutableSortedSet<string> NoTexts => ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>As Go's %q prints a list.</summary>
    private static string Quoted(IEnumerable<string> words) => $"[{string.Join(' ', words.Select(GoFormat.Quote))}]";

    private static string Joined((string Key, string Value)[] pairs) => string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"));

    private static (string Key, string Value)[] Pairs(DockerfileInstruction instruction, Func<string, string> expand)
    {
        List<string> words = DockerfileReader.Words(instruction.Rest);
        if (!words[0].Contains('='))
        {
            int blank = instruction.Rest.IndexOfAny([' ', '\t']);
            return blank < 0
                ? throw new DockerfileException($"failed to parse Dockerfile: {instruction.Keyword} must have two arguments")
                : [(instruction.Rest[..blank], expand(instruction.Rest[blank..].Trim()))];
        }

        foreach (string word in words)
        {
            if (!word.Contains('='))
                throw new DockerfileException($"failed to parse Dockerfile: Syntax error - can't find = in \"{word}\". Must be of the form: name=value");
        }

        return [.. words.Select(word => word.Split('=', 2)).Select(pair => (expand(pair[0]), expand(pair[1])))];
    }

    private static ImmutableArray<string> Set(ImmutableArray<string>? environment, (string Key, string Value)[] variables)
    {
        List<string> entries = [.. environment ?? []];
        foreach ((string key, string value) in variables)
        {
            int index = entries.FindIndex(entry => entry.Split('=')[0] == key);
            if (index >= 0)
                entries[index] = $"{key}={value}";
            else
                entries.Add($"{key}={value}");
        }

        return [.. entries];
    }
}
