using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Model.Replay;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Host;

/// <summary>Commands of the host beside docker: ls, du and df on its disk, sleep, fstrim, the daemon's restart.</summary>
/// <param name="host">The host.</param>
/// <param name="now">The time there.</param>
/// <param name="step">Does a step as a scenario would, with a sample behind it; gives its exit status, its error on the given stream.</param>
internal sealed class HostCommands(LabHost host, Func<DateTimeOffset> now, Func<Step, TextWriter, int> step)
{
    public IEnumerable<KeyValuePair<string, CommandPreparation>> All
    {
        get
        {
            HostFiles files = new(host.Machine);
            return
            [
                new("date", Date),
                new("df", new DfCommand(files.FileSystem).Prepare),
                new("du", new DuCommand(files).Prepare),
                new("fstrim", Fstrim),
                new("ls", new LsCommand(files, now).Prepare),
                new("service", arguments => arguments is ["docker", "restart"] ? Restart : throw Unsupported("service", "service docker restart")),
                new("sleep", Sleep),
                new("sync", _ => _ => 0),
                new("systemctl", arguments => arguments is ["restart", "docker" or "docker.service"] ? Restart : throw Unsupported("systemctl", "systemctl restart docker")),
            ];
        }
    }

    private int Restart(CommandCall call) => step(new Step.RestartDaemon(), call.Streams.Error);

    private CommandRun Date(ImmutableArray<string> arguments) => arguments.IsEmpty
        ? call =>
        {
            call.Print(now().ToString("ddd MMM d HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture));
            return 0;
        }
    : throw Unsupported("date", "date");

    private CommandRun Fstrim(ImmutableArray<string> arguments) => arguments is [HostFiles.RootPath] or ["-a"] or ["-A"]
        ? call => step(new Step.FstrimHost(), call.Streams.Error)
        : throw Unsupported("fstrim", "fstrim " + HostFiles.RootPath);

    private CommandRun Sleep(ImmutableArray<string> arguments)
    {
        if (arguments.IsEmpty)
            throw new CommandUsageException(-1, "sleep: a number of seconds has to follow");
        decimal seconds = 0;
        for (var index = 0; index < arguments.Length; index++)
        {
            string text = arguments[index];
            decimal unit = text.Length == 0 ? 0 : text[^1] switch { 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 1 };
            string digits = text.TrimEnd('s', 'm', 'h', 'd');
            if (digits.Length is 0 or > 10 || text.Length - digits.Length > 1 || !decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
                throw new CommandUsageException(index, $"sleep: '{text}' is no time; write 10, 0.5, 10s, 5m, 2h or 3d");
            seconds += number * unit;
        }

        return seconds <= SecondsMax
            ? call => step(new Step.Wait((long)(seconds * 1_000_000_000)), call.Streams.Error)
            : throw new CommandUsageException(0, "sleep: longer than a hundred years");
    }

    private const decimal SecondsMax = 100m * 365 * 86400;

    private static CommandUsageException Unsupported(string command, string example) => new(0, $"{command}: only {example} is supported");
}
