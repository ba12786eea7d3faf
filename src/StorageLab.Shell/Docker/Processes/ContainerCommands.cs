using System.Collections.Immutable;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.Posix.Commands;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Docker.Processes;

/// <summary>What a container's processes can do: the commands of a shell on the container's files, with what they cost its storage.</summary>
internal sealed class ContainerCommands
{
    private readonly ContainerFiles _files;
    private readonly bool _isBusybox;
    private readonly IReadOnlyList<string> _environment;

    /// <param name="isBusybox">Whether the image's tools are busybox's, which word their errors in their own way.</param>
    /// <param name="environment">Name and value of what the program was started with.</param>
    public ContainerCommands(ContainerFiles files, bool isBusybox, IReadOnlyList<string> environment)
    {
        (_files, _isBusybox, _environment) = (files, isBusybox, environment);
        Table = PosixCommands.With(
        [
            new("chmod", arguments => ForEach("chmod", Operands(arguments).Skip(1), path => new ContainerOperation.ChangeMode(path))),
            new("chown", arguments => ForEach("chown", Operands(arguments).Skip(1), path => new ContainerOperation.ChangeMode(path))),
            new("cp", Copy),
            new("dd", arguments => DdCommand.Prepare(files, arguments)),
            new("env", arguments => arguments.IsEmpty ? PrintEnvironment : throw new CommandUsageException(0, "env prints the environment here and sets nothing")),
            new("fallocate", arguments => Allocate(arguments)),
            new("find", arguments => ForEach("find", Operands(arguments).Take(1), path => new ContainerOperation.ReadTree(path))),
            new("ln", Link),
            new("ls", List),
            new("mkdir", arguments => ForEach("mkdir", Operands(arguments), path => new ContainerOperation.MakeDirectory(path))),
            new("mv", Move),
            new("rm", Remove),
            new("sleep", Sleep),
            new("sync", _ => _ => Status(files.Do("/", _ => new ContainerOperation.Sync()))),
            new("touch", Touch),
            new("truncate", Truncate),
        ]);
    }

    public CommandTable Table { get; }

    /// <summary>What all commands so far slept, in nanoseconds; the largest number for one that sleeps for ever.</summary>
    public long SleptNanoseconds { get; private set; }

    private static IEnumerable<string> Operands(ImmutableArray<string> arguments) => arguments.Where(argument => !argument.StartsWith('-') || argument == "-");

    private static int Status(string? error) => error is null ? 0 : 1;

    private CommandRun ForEach(string command, IEnumerable<string> operands, Func<ContainerPath, ContainerOperation> operation) => call =>
    {
        var status = 0;
        foreach (string operand in operands)
            status |= Do(call, command, operand, operation);
        return status;
    };

    private int Do(CommandCall call, string command, string operand, Func<ContainerPath, ContainerOperation> operation)
    {
        string? error = _files.Do(call.State.Resolve(operand), inner => operation(_files.PathOf(inner)));
        if (error is not null)
            call.Complain($"{command}: {operand}: {error}");
        return Status(error);
    }

    private int PrintEnvironment(CommandCall call)
    {
        foreach (string entry in _environment)
            call.Print(entry);
        return 0;
    }

    private CommandRun Remove(ImmutableArray<string> arguments)
    {
        string letters = string.Concat(arguments.Where(argument => argument.StartsWith('-')));
        bool isForced = letters.Contains('f');
        bool isRecursive = letters.Contains('r') || letters.Contains('R');
        return call =>
        {
            var status = 0;
            foreach (string operand in Operands(arguments))
            {
                string path = call.State.Resolve(operand);
                string? error = _files.IsDirectory(path) && !isRecursive
                    ? "Is a directory"
                    : _files.Do(path, inner => isRecursive
                        ? new ContainerOperation.DeleteTree(_files.PathOf(inner))
                        : new ContainerOperation.Delete(_files.PathOf(inner)));
                if (error is null || (isForced && error.StartsWith("No such", StringComparison.Ordinal)))
                    continue;
                call.Complain(_isBusybox ? $"rm: can't remove '{operand}': {error}" : $"rm: cannot remove '{operand}': {error}");
                status = 1;
            }

            return status;
        };
    }

    private CommandRun Touch(ImmutableArray<string> arguments) => call =>
    {
        var status = 0;
        foreach (string operand in Operands(arguments))
        {
            string path = call.State.Resolve(operand);
            string? error = _files.IsFile(path) || _files.IsDirectory(path)
                ? _files.Do(path, inner => new ContainerOperation.ChangeMode(_files.PathOf(inner)))
                : _files.Write(path, "");
            if (error is null)
                continue;
            call.Complain($"touch: {operand}: {error}");
            status = 1;
        }

        return status;
    };

    private CommandRun Copy(ImmutableArray<string> arguments)
    {
        string[] operands = [.. Operands(arguments)];
        if (operands.Length < 2)
            throw new CommandUsageException(0, "cp needs a source and a target");
        return call => ForEachTarget(call, "cp", operands, (source, target) =>
            _files.TryStat(source, out InodeStat stat) && stat.Kind != InodeKind.Directory
                ? _files.Do(source, inner => new ContainerOperation.ReadFile(_files.PathOf(inner)))
                    ?? _files.WriteBytes(target, stat.SizeBytes, ContainerFiles.ChunkBytes, FsyncPolicy.Never)
                : _files.IsDirectory(source) ? "a directory is not copied here" : "No such file or directory");
    }

    private CommandRun Move(ImmutableArray<string> arguments)
    {
        string[] operands = [.. Operands(arguments)];
        if (operands.Length < 2)
            throw new CommandUsageException(0, "mv needs a source and a target");
        return call => ForEachTarget(call, "mv", operands, (source, target) =>
            _files.Do(source, inner => new ContainerOperation.Rename(_files.PathOf(inner), _files.PathOf(target))));
    }

    private CommandRun Link(ImmutableArray<string> arguments)
    {
        string[] operands = [.. Operands(arguments)];
        if (operands.Length != 2 || arguments.Any(argument => argument.StartsWith('-')))
            throw new CommandUsageException(0, "ln makes hard links here: ln TARGET NAME");
        return call => ForEachTarget(call, "ln", operands, (source, target) =>
            _files.Do(source, inner => new ContainerOperation.Link(_files.PathOf(inner), _files.PathOf(target))));
    }

    private int ForEachTarget(CommandCall call, string command, string[] operands, Func<string, string, string?> act)
    {
        string target = call.State.Resolve(operands[^1]);
        bool isInto = _files.IsDirectory(target);
        var status = 0;
        foreach (string operand in operands[..^1])
        {
            string source = call.State.Resolve(operand);
            if (act(source, isInto ? $"{target}/{source[(source.LastIndexOf('/') + 1)..]}" : target) is not { } error)
                continue;
            call.Complain($"{command}: {operand}: {error}");
            status = 1;
        }

        return status;
    }

    private CommandRun List(ImmutableArray<string> arguments)
    {
        if (arguments.Any(argument => argument.StartsWith('-') && argument.Trim('-', '1', 'a', 'A').Length > 0))
            throw new CommandUsageException(0, "ls lists names here; the lab keeps no owners or dates of a container's files");
        string[] operands = [.. Operands(arguments)];
        return call =>
        {
            var status = 0;
            string[] listed = operands.Length > 0 ? operands : ["."];
            // Files come first, and every directory has a heading where there is more than one operand.
            foreach (string operand in listed.OrderBy(operand => _files.IsDirectory(call.State.Resolve(operand))))
            {
                string path = call.State.Resolve(operand);
                if (_files.IsDirectory(path))
                {
                    if (listed.Length > 1)
                        call.Print((operand == listed[0] ? "" : "\n") + operand + ":");
                    foreach (string name in _files.NamesIn(path).Where(name => name[0] != '.'))
                        call.Print(name);
                }
                else if (_files.IsFile(path))
                {
                    call.Print(operand);
                }
                else
                {
                    call.Complain(_isBusybox ? $"ls: {operand}: No such file or directory" : $"ls: cannot access '{operand}': No such file or directory");
                    status = _isBusybox ? 1 : 2;
                }
            }

            return status;
        };
    }

    private CommandRun Truncate(ImmutableArray<string> arguments)
    {
        (long bytes, IEnumerable<string> operands) = Sized("truncate", "-s", arguments);
        return call =>
        {
            var status = 0;
            foreach (string operand in operands)
            {
                if (!_files.IsFile(call.State.Resolve(operand)))
                    _ = _files.Write(call.State.Resolve(operand), "");
                status |= Do(call, "truncate", operand, path => new ContainerOperation.Truncate(path, bytes));
            }

            return status;
        };
    }

    private CommandRun Allocate(ImmutableArray<string> arguments)
    {
        (long bytes, IEnumerable<string> operands) = Sized("fallocate", "-l", arguments);
        return ForEach("fallocate", operands, path => new ContainerOperation.Create(path, bytes, 1 << 20, FsyncPolicy.Never));
    }

    private static (long Bytes, IEnumerable<string> Operands) Sized(string command, string option, ImmutableArray<string> arguments)
    {
        int at = arguments.IndexOf(option);
        string text = at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : arguments.FirstOrDefault(a => a.StartsWith(option, StringComparison.Ordinal))?[2..] ?? "";
        if (!Model.Text.DockerSize.TryParse(text, out long bytes) || bytes > 1L << 50)
            throw new CommandUsageException(Math.Max(0, at), $"{command} needs {option} with a size such as 10M");
        return (bytes, Operands(arguments).Where(operand => operand != text));
    }

    private CommandRun Sleep(ImmutableArray<string> arguments)
    {
        if (arguments.Length == 0)
            throw new CommandUsageException(0, "sleep needs a time such as 10 or 5m");
        long total = 0;
        foreach (string argument in arguments)
        {
            string text = argument.Length > 0 && char.IsAsciiDigit(argument[^1]) ? argument + "s" : argument;
            if (argument is "infinity" or "inf")
                total = long.MaxValue;
            else if (text.EndsWith('d') && int.TryParse(text[..^1], out int days) && days is >= 0 and < 100_000)
                total += days * 86_400_000_000_000L;
            else if (PruneUntil.TryParseDuration(text, out long nanoseconds) && nanoseconds >= 0)
                total = total == long.MaxValue ? total : total + nanoseconds;
            else
                throw new CommandUsageException(0, $"sleep: invalid number '{argument}'");
        }

        return _ =>
        {
            SleptNanoseconds = total == long.MaxValue || SleptNanoseconds == long.MaxValue ? long.MaxValue : SleptNanoseconds + total;
            return 0;
        };
    }
}
