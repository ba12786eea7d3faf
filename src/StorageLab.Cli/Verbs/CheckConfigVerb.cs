using System.Collections.Immutable;
using System.CommandLine;
using StorageLab.Advice.Configuration;
using StorageLab.Model.Drivers;
using StorageLab.Scenarios;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab check-config</c>: reads a daemon's configuration as Docker does.</summary>
internal static class CheckConfigVerb
{
    /// <summary>No configuration is larger; a log or an image named by mistake is.</summary>
    private const long FileBytesMax = 4 << 20;

    public static Command Build()
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "daemon.json, and what gives dockerd flags beside it: /etc/default/docker, /etc/sysconfig/docker, /etc/sysconfig/docker-storage.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> fix = new("--fix") { Description = "Print daemon.json as it was most likely meant; the file stays as it is." };
        Option<string?> kernel = new("--kernel") { Description = "The host's kernel, as uname -r prints it, e.g. 3.10.0-1160.el7.", HelpName = "RELEASE" };
        Option<int?> fileTypes = new("--ftype") { Description = "What xfs_info says of Docker's root: 0 or 1; 1 for ext4.", HelpName = "0|1" };
        Option<bool> json = new("--json") { Description = "Print the findings as JSON." };
        Command command = new("check-config", "Read daemon.json as Docker does: what would stop it, and what would not do what was meant.") { files, fix, kernel, fileTypes, json };
        command.SetAction(parsed =>
        {
            ImmutableArray<ConfigurationFile> read = [.. parsed.GetRequiredValue(files).Select(Read)];
            DaemonHost host = new(ReadKernel(parsed.GetValue(kernel)), ReadFileTypes(parsed.GetValue(fileTypes)));
            ImmutableArray<ConfigurationFinding> findings = ConfigurationCheck.Of(read, host);
            if (parsed.GetValue(fix))
                return Fix(read, findings);
            if (parsed.GetValue(json))
                WriteJson(findings);
            else if (findings.IsEmpty)
                Console.Out.WriteLine($"{string.Join(", ", read.Select(file => file.Name))}: nothing to say; Docker starts with it");
            else
                Console.Out.WriteLine(string.Join('\n', findings.Select(finding => Terminal.Shown(finding.ToString()))));
            return CodeOf(findings);
        });
        return command;
    }

    private static int CodeOf(ImmutableArray<ConfigurationFinding> findings) =>
        findings.Any(finding => finding.Severity == FindingSeverity.Fatal) ? ExitCode.BadInput : findings.IsEmpty ? ExitCode.Ok : ExitCode.Finding;

    private static int Fix(ImmutableArray<ConfigurationFile> files, ImmutableArray<ConfigurationFinding> findings)
    {
        ConfigurationFile[] configurations = [.. files.Where(file => !file.IsFlagFile)];
        if (configurations.Length != 1)
            throw new InputException("--fix", $"corrects one daemon.json, and {configurations.Length} are given");
        foreach (ConfigurationFinding finding in findings)
            Terminal.Say(finding.ToString());
        if (ConfigurationRepair.Of(configurations[0], files) is not { } text)
            throw new InputException("--fix", $"{configurations[0].Name} cannot be corrected; mend what is no JSON first");
        Console.Out.Write(text);
        return ExitCode.Ok;
    }

    private static ConfigurationFile Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > FileBytesMax })
                throw new InputException(path, "is larger than 4 MiB; a daemon's configuration was expected");
            return new ConfigurationFile(path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException(path, $"cannot be read: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static KernelVersion? ReadKernel(string? text) => text is null
        ? null
        : KernelVersion.TryParse(text, out KernelVersion kernel)
            ? kernel
            : throw new InputException("--kernel", $"'{text}' is not a kernel release; write one as uname -r does, e.g. 3.10.0-1160.el7");

    private static bool? ReadFileTypes(int? value) => value switch
    {
        null => null,
        0 => false,
        1 => true,
        _ => throw new InputException("--ftype", $"is {value}; it must be 0 or 1"),
    };

    private static void WriteJson(ImmutableArray<ConfigurationFinding> findings) => JsonOutput.Print(json =>
    {
        json.WriteStartArray();
        foreach (ConfigurationFinding finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("severity", finding.Severity == FindingSeverity.Fatal ? "fatal" : "warning");
            json.WriteString("file", finding.File);
            json.WriteNumber("line", finding.Line);
            json.WriteNumber("column", finding.Column);
            json.WriteString("message", finding.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
