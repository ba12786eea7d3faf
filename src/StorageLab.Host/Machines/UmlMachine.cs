using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Mono.Unix.Native;
using StorageLab.Host.Docker;

namespace StorageLab.Host.Machines;

/// <summary>A throw-away machine: User-mode Linux, a whole kernel in ordinary processes, on the host's own files (read-only) and a sparse file as its disk.</summary>
/// <remarks>Needs no root and leaves nothing: a guard in the machine's own session waits for the end of a pipe that this process holds, and then kills every
/// process of the machine and removes its files. The pipe ends with <see cref="Dispose"/>, and also when this process dies of whatever.</remarks>
public sealed class UmlMachine : IDisposable
{
    public const string Program = "linux.uml";

    /// <summary>Where its package keeps the modules, by the kernel's release.</summary>
    public const string ModulesFolder = "/usr/lib/uml/modules";

    /// <summary>How the folder of a machine's own small files begins.</summary>
    private const string WorkPrefix = "storagelab-machine-";

    private const string SharedMemory = "/dev/shm";

    private const long MemoryBytesMost = 4L << 30;

    /// <summary>The daemon, the lab and an archive of a few hundred megabytes in memory; less is not tried.</summary>
    private const long MemoryBytesLeast = 1L << 30;

    /// <summary>From power on until the lab begins; on an idle machine it is five seconds.</summary>
    private static readonly TimeSpan BootPatience = TimeSpan.FromMinutes(3);

    /// <summary>The longest that a step may take: a full pool keeps its writers a minute, a load of gigabytes takes some.</summary>
    private static readonly TimeSpan StepPatience = TimeSpan.FromMinutes(25);

    /// <summary>The machine, and beside it what ends it: a reader of the pipe that comes to its end when nobody holds it any more.</summary>
    /// <remarks>User-mode Linux makes a process group of its own, with the number of its first process; some outlive the
    /// first when that is killed. The mark keeps a number that was given to somebody else since from being taken for it.</remarks>
    private const string Guard =
        """
        exec 3<&0 2>&1
        "$@" < /dev/null 3<&- &
        machine=$!
        (
            cat <&3
            [ -e "$STORAGELAB_WORK/off" ] || kill -KILL -$machine $machine
            rm -rf -- "$STORAGELAB_DISKS" "$STORAGELAB_WORK"
            kill -KILL 0
        ) > /dev/null 2>&1 &
        wait $machine
        kill -KILL -$machine
        : > "$STORAGELAB_WORK/off"
        """;

    private readonly Process _process;
    private readonly string _work;
    private readonly string _disks;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<string> _console = [];

    private UmlMachine(Process process, string work, string disks)
    {
        _process = process;
        _work = work;
        _disks = disks;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
    }

    /// <summary>Switches a machine on.</summary>
    /// <param name="spec">Its disk.</param>
    /// <param name="outFolder">Folder that the run's files go to; it exists.</param>
    /// <param name="freeFolder">A folder of the host that the machine may hide: see <see cref="FreeFolder"/>.</param>
    /// <param name="command">The lab's command line in the machine.</param>
    /// <exception cref="MeasureException">Something that it needs is not there.</exception>
    public static UmlMachine Boot(MachineSpec spec, string outFolder, string freeFolder, IEnumerable<string> command)
    {
        RemoveLeftovers();
        string work = Path.Combine(Path.GetTempPath(), WorkPrefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        if (work.Any(char.IsWhiteSpace))
            throw new MeasureException($"{Path.GetTempPath()}: a machine's folder has no blanks in its name; set TMPDIR to one without");
        string disks = Path.Combine(outFolder, ".machine");
        (long memoryBytes, string memoryFolder) = FindMemory(outFolder);
        Directory.CreateDirectory(work);
        Directory.CreateDirectory(disks);
        // The kernel's command line knows no blanks, and people's folders do.
        ReplaceLink(Path.Combine(work, "out"), outFolder);
        MakeDisk(Path.Combine(disks, MachineSpec.Disk), spec.Variant.Host.DiskBytes);
        if (spec.RootDisk == MachineSpec.SecondDisk)
            MakeDisk(Path.Combine(disks, MachineSpec.SecondDisk), MachineSpec.SecondDiskBytes);
        string init = Path.Combine(work, "init");
        string script = MachineInit.Script(freeFolder, Path.Combine(work, "out"), LabEnvironment(), command);
        File.WriteAllText(init, script + "\n");
        if (Syscall.chmod(init, FilePermissions.S_IRWXU) != 0)
            throw new MeasureException($"{init}: cannot be made executable");

        List<string> arguments =
        [
            "/bin/sh", "-c", Guard, "storagelab-machine", Program,
            string.Create(CultureInfo.InvariantCulture, $"mem={memoryBytes >> 20}M"),
            "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro", "quiet", $"init={init}",
            "con=null", "con0=null,fd:1", "con1=null", $"uml_dir={work}/uml", "umid=machine",
            // The flag t: the disk takes no discards, as most hosts' disks under LVM do not, and the file stays as large as it was.
            $"{MachineSpec.Disk}t={work}/out/.machine/{MachineSpec.Disk}",
        ];
        if (spec.RootDisk == MachineSpec.SecondDisk)
            arguments.Add($"{MachineSpec.SecondDisk}t={work}/out/.machine/{MachineSpec.SecondDisk}");
        // A session of its own: an interrupt at the terminal reaches the lab, which ends the machine.
        ProcessStartInfo start = new("setsid", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TMPDIR"] = memoryFolder;
        start.Environment["STORAGELAB_WORK"] = work;
        start.Environment["STORAGELAB_DISKS"] = disks;
        return new UmlMachine(Process.Start(start)!, work, disks);
    }

    /// <summary>Release of the machine's kernel; null where it is not installed.</summary>
    public static string? FindKernel() => Directory.Exists(ModulesFolder)
        ? Directory.EnumerateDirectories(ModulesFolder).Select(Path.GetFileName).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    /// <summary>A folder that every Debian, Ubuntu and CentOS has and that none of the given paths lies in.</summary>
    /// <exception cref="MeasureException">There is none.</exception>
    public static string FreeFolder(params IEnumerable<string> neededPaths)
    {
        string[] needed = [.. neededPaths];
        return ((ReadOnlySpan<string>)["/mnt", "/srv", "/media", "/opt"]).ToArray()
            .FirstOrDefault(folder => Directory.Exists(folder) && !needed.Any(path => (path + "/").StartsWith(folder + "/", StringComparison.Ordinal)))
            ?? throw new MeasureException("the machine needs one of /mnt, /srv, /media and /opt for itself, and what it reads lies in all of them");
    }

    /// <summary>Where Docker's root is in a machine.</summary>
    public static string RootFolder(string freeFolder) => MachineInit.RootFolder(freeFolder);

    /// <summary>Where in a machine the folder of the run's files is.</summary>
    public static string OutFolder(string freeFolder) => MachineInit.OutFolder(freeFolder);

    /// <summary>Says something to the lab outside, from inside.</summary>
    public static void Say(string what) => Console.WriteLine(MachineInit.Marker + what);

    /// <summary>Says that the run inside has come to its end.</summary>
    public static void SayDone() => Say(MachineInit.Done);

    /// <summary>What the lab inside says, line by line, until the machine is off.</summary>
    /// <exception cref="MeasureException">It did not come up, failed, or fell silent.</exception>
    public IEnumerable<string> ReadLines(CancellationToken cancellation)
    {
        (bool isUp, bool isDone) = (false, false);
        for (; ; )
        {
            string? line = Next(isUp ? StepPatience : BootPatience, cancellation);
            if (line is null)
                break;
            if (!line.StartsWith(MachineInit.Marker, StringComparison.Ordinal))
                continue;
            string said = line[MachineInit.Marker.Length..];
            if (said.StartsWith("failed: ", StringComparison.Ordinal))
                throw new MeasureException(said["failed: ".Length..]);
            isUp |= said == MachineInit.Up;
            isDone |= said == MachineInit.Done;
            yield return said;
        }

        if (!isUp)
            throw new MeasureException($"the machine did not come up; its last words: {LastWords()}");
        if (!isDone)
            throw new MeasureException($"the machine ended before its run; its last words: {LastWords()}");
    }

    /// <summary>Keeps the machine's disk as a file.</summary>
    public void KeepDisk(string path)
    {
        File.Delete(path);
        File.Move(Path.Combine(_disks, MachineSpec.Disk), path);
    }

    /// <summary>Ends the machine, wherever it is, and removes its files.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(TimeSpan.FromSeconds(20));
        _process.Dispose();
        Remove(_work);
        Remove(_disks);
    }

    private string? Next(TimeSpan patience, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            return _lines.Reader.WaitToReadAsync(limit.Token).AsTask().GetAwaiter().GetResult() && _lines.Reader.TryRead(out string? line) ? line : null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new MeasureException($"the machine said nothing for {patience.TotalMinutes:0} minutes and was ended; its last words: {LastWords()}");
        }
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            _lines.Writer.TryComplete();
            return;
        }

        line = line.TrimEnd('\r');
        lock (_console)
            _console.Add(line);
        _lines.Writer.TryWrite(line);
    }

    private string LastWords()
    {
        lock (_console)
            return _console.Count == 0 ? "none" : string.Join(" / ", _console.TakeLast(3));
    }

    private static IEnumerable<string> LabEnvironment()
    {
        // Where the runtime lies: shared/Microsoft.NETCore.App/VERSION below its root.
        string runtime = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return [$"DOTNET_ROOT={runtime}", "DOTNET_EnableDiagnostics=0", "DOTNET_CLI_HOME=/run", "DOTNET_gcServer=0", "NO_COLOR=1"];
    }

    /// <summary>Memory of the machine is a file that is never written to a disk where there is shared memory for it.</summary>
    private static (long Bytes, string Folder) FindMemory(string outFolder)
    {
        if (Directory.Exists(SharedMemory))
        {
            long freeBytes = new DriveInfo(SharedMemory).AvailableFreeSpace;
            if (freeBytes >= MemoryBytesLeast)
                return (Math.Min(MemoryBytesMost, freeBytes / 10 * 9), SharedMemory);
        }

        return (MemoryBytesLeast, outFolder);
    }

    private static void MakeDisk(string path, long bytes)
    {
        using FileStream disk = new(path, FileMode.Create, FileAccess.Write);
        disk.SetLength(bytes);
    }

    private static void ReplaceLink(string link, string target)
    {
        File.Delete(link);
        File.CreateSymbolicLink(link, target);
    }

    /// <summary>Folders of machines whose lab was killed together with the guard.</summary>
    private static void RemoveLeftovers()
    {
        foreach (string folder in Directory.EnumerateDirectories(Path.GetTempPath(), WorkPrefix + "*"))
        {
            string owner = Path.GetFileName(folder)[WorkPrefix.Length..];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out int process) && process != Environment.ProcessId && !Directory.Exists($"/proc/{process}"))
                Remove(folder);
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The guard is at it too, or it is another user's.
        }
    }
}
