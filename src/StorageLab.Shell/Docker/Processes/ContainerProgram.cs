using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;
using StorageLab.Shell.Posix.Execution;
using StorageLab.Shell.Posix.Syntax;

namespace StorageLab.Shell.Docker.Processes;

/// <summary>The program a container or an exec runs: looked up in the image, and done as far as it touches files.</summary>
/// <remarks>
/// A program the lab does not know, such as a server, starts and does nothing; in the foreground it would never end, which is said.
/// All its file work is done at its start, and what it sleeps between is added up.
/// </remarks>
internal sealed class ContainerProgram
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const int CommandCountMax = 100_000;

    private static readonly string[] Shells = ["sh", "ash", "bash", "dash"];

    private readonly Container _container;
    private readonly ContainerFiles _files;
    private readonly ContainerCommands _commands;
    private readonly IEnumerable<KeyValuePair<string, string>> _variables;
    private readonly string _directory;

    /// <param name="directory">Where it starts; null for the container's own place.</param>
    /// <param name="variables">Variables it has beside the container's own; null for none.</param>
    public ContainerProgram(DockerHost host, Container container, IEnumerable<KeyValuePair<string, string>>? variables = null, string? directory = null)
    {
        _container = container;
        _variables = variables ?? [];
        _directory = directory ?? container.Configuration.WorkingDirectory;
        _files = new ContainerFiles(container, host.Lab.Process, host.Lab.Machine.Names, host.TextsOf(container));
        _commands = new ContainerCommands(_files, isBusybox: _files.IsFile("/bin/busybox"), Environment());
    }

    /// <summary>A path and the host's name first, then what the configuration adds, and the user's home at the end (container/env.go, oci_linux.go).</summary>
    private List<string> Environment()
    {
        List<string> entries = [$"PATH={DefaultPath}", $"HOSTNAME={_container.Configuration.Hostname}"];
        foreach (string entry in (_container.Configuration.Environment ?? []).Concat(_variables.Select(pair => $"{pair.Key}={pair.Value}")))
        {
            int index = entries.FindIndex(known => known.Split('=')[0] == entry.Split('=')[0]);
            if (index >= 0)
                entries[index] = entry;
            else
                entries.Add(entry);
        }

        if (!entries.Exists(entry => entry.StartsWith("HOME=", StringComparison.Ordinal)))
            entries.Add("HOME=/root");
        return entries;
    }

    /// <summary>Looks a program up as exec does.</summary>
    /// <returns>What is wrong with it, as runc says it; null for one that can be run.</returns>
    public string? Problem(string program)
    {
        if (Find(program) is not { } path)
            return $"exec: \"{program}\": " + (program.Contains('/') ? "stat " + program + ": no such file or directory" : "executable file not found in $PATH");
        return _files.IsDirectory(path) ? $"exec: \"{program}\": is a directory" : LooksExecutable(path) ? null : $"exec: \"{program}\": permission denied";
    }

    /// <summary>Runs it.</summary>
    /// <param name="words">Program and arguments.</param>
    /// <param name="readsInput">Whether a shell without a script reads its commands from the input.</param>
    public ProgramEnd Run(IReadOnlyList<string> words, ShellStreams streams, bool readsInput)
    {
        string name = NameOf(words[0]);
        IReadOnlyList<string> rest = [.. words.Skip(1)];
        if (name == "busybox" && rest.Count > 0)
            (name, rest) = (rest[0], [.. rest.Skip(1)]);
        if (Shells.Contains(name))
            return RunShell(rest, streams, readsInput);
        if (!_commands.Table.Knows(name))
            return new ProgramEnd(0, RunsOn: true);
        int exitCode = Guarded(streams, () => _commands.Table.Prepare(name, [.. rest])(
            new CommandCall(streams, State(), (inner, innerStreams) => Guarded(innerStreams, () => Nested(inner, innerStreams)))));
        return End(exitCode);
    }

    private ProgramEnd RunShell(IReadOnlyList<string> arguments, ShellStreams streams, bool readsInput)
    {
        int option = Index(arguments, "-c");
        if (option >= 0 && option + 1 < arguments.Count)
            return End(Guarded(streams, () => Interpret(arguments[option + 1], streams, State())));
        if (!readsInput)
            return new ProgramEnd(0);
        ShellState state = State();
        var exitCode = 0;
        while (state.Flow != ShellFlow.Exit && streams.Input.ReadLine() is { } line)
            exitCode = Guarded(streams, () => Interpret(line, streams, state));
        return End(exitCode);
    }

    private int Interpret(string script, ShellStreams streams, ShellState state)
    {
        ScriptText text = ScriptText.Of("sh", script);
        ShellInterpreter interpreter = new(_commands.Table, state, text, CancellationToken.None) { CommandCountMax = CommandCountMax };
        var status = 0;
        foreach (ScriptCommand command in ScriptParser.Parse(text))
        {
            status = interpreter.Run(command.Node, streams);
            if (state.Flow == ShellFlow.Exit)
                break;
        }

        return status;
    }

    private int Nested(IReadOnlyList<string> words, ShellStreams streams) =>
        _commands.Table.Prepare(words[0], [.. words.Skip(1)])(new CommandCall(streams, State(), (_, _) => 127));

    /// <summary>What the lab's shell does not support, a container's process says on its error stream.</summary>
    private static int Guarded(ShellStreams streams, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (ScriptException e)
        {
            streams.Error.Write(e.Problem.Message + "\n");
            return 127;
        }
        catch (CommandUsageException e)
        {
            streams.Error.Write(e.Message + "\n");
            return 1;
        }
    }

    private ProgramEnd End(int exitCode) => _commands.SleptNanoseconds == long.MaxValue
        ? new ProgramEnd(exitCode, RunsOn: true)
        : new ProgramEnd(exitCode, _commands.SleptNanoseconds);

    private ShellState State()
    {
        ShellState state = new(_files) { WorkingDirectory = _directory.Length > 0 ? _directory : "/" };
        foreach ((string name, string value) in _variables)
            state.Set(name, value);
        foreach (string entry in _container.Configuration.Environment ?? [])
        {
            int equals = entry.IndexOf('=');
            if (equals > 0)
                state.Set(entry[..equals], entry[(equals + 1)..]);
        }

        return state;
    }

    private string? Find(string program)
    {
        ShellState state = State();
        if (program.Contains('/'))
            return state.Resolve(program) is var given && (_files.IsFile(given) || _files.IsDirectory(given)) ? given : null;
        string path = (_container.Configuration.Environment ?? []).Select(entry => entry.Split('=', 2))
            .FirstOrDefault(entry => entry[0] == "PATH" && entry.Length > 1)?[1] ?? DefaultPath;
        return program.Length == 0
            ? null
            : path.Split(':').Select(folder => state.Resolve(folder.Length == 0 ? program : $"{folder}/{program}")).FirstOrDefault(_files.IsFile);
    }

    /// <summary>Listings keep no modes; what lies among programs or libraries counts as one.</summary>
    private bool LooksExecutable(string path) =>
        !(path.StartsWith("/etc/", StringComparison.Ordinal) && _files.TryStat(path, out InodeStat stat) && stat.Kind == InodeKind.File);

    private static string NameOf(string program) => program[(program.LastIndexOf('/') + 1)..];

    private static int Index(IReadOnlyList<string> words, string word)
    {
        for (var index = 0; index < words.Count; index++)
        {
            if (words[index] == word)
                return index;
        }

        return -1;
    }
}
