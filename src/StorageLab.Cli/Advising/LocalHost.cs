using StorageLab.Advice.Hosts;
using StorageLab.Scenarios;

namespace StorageLab.Cli.Advising;

/// <summary>Reads what there is to know of a host: files that its commands filled, or this machine.</summary>
internal static class LocalHost
{
    /// <summary>File in a folder of a host's answers, the command that fills it, and what reads it.</summary>
    private static readonly (string File, string Command, Action<HostFactsReader, string, string> Read)[] Files =
    [
        ("uname.txt", "uname -r", (reader, text, source) => reader.ReadKernel(text, source)),
        ("os-release", "cat /etc/os-release", (reader, text, source) => reader.ReadOsRelease(text, source)),
        ("docker-info.txt", "docker info", (reader, text, source) => reader.ReadDockerInfo(text, source)),
        ("lsblk.json", "lsblk -J -b -o NAME,SIZE,TYPE,FSTYPE,MOUNTPOINT", (reader, text, source) => reader.ReadDisks(text, source)),
        ("xfs_info.txt", "xfs_info /var/lib/docker", (reader, text, source) => reader.ReadXfsInfo(text, source)),
        ("df.txt", "df -PTB1 /var/lib/docker", (reader, text, source) => reader.ReadFreeSpace(text, source)),
    ];

    /// <summary>The commands that fill a folder, for the help.</summary>
    public static IEnumerable<string> Commands => Files.Select(file => $"{file.Command} > {file.File}");

    /// <summary>Reads a folder of answers; a file that is missing is noted.</summary>
    /// <exception cref="InputException">There is no such folder.</exception>
    public static HostFactsReader ReadFolder(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException(folder, "is no folder; fill one with the host's answers as storagelab advise --help shows");
        HostFactsReader reader = new();
        foreach ((string file, string command, Action<HostFactsReader, string, string> read) in Files)
        {
            string path = Path.Combine(folder, file);
            if (!File.Exists(path))
                reader.Note($"{path}: is not there ({command} fills it)");
            else
                read(reader, InputFile.ReadText(path), path);
        }

        return reader;
    }

    /// <summary>Reads this machine's own files; nothing is run and nothing is changed.</summary>
    public static HostFactsReader ReadThis()
    {
        HostFactsReader reader = new();
        Read("/proc/sys/kernel/osrelease", reader.ReadKernel);
        Read("/etc/os-release", reader.ReadOsRelease);
        string root = Directory.Exists("/var/lib/docker") ? "/var/lib/docker" : "/var/lib";
        DriveInfo drive = new(root);
        reader.ReadFileSystem(drive.DriveFormat, drive.TotalSize, drive.AvailableFreeSpace);
        reader.Note("docker info, lsblk and xfs_info were not asked: give their answers with --host");
        return reader;

        void Read(string path, Action<string, string> read)
        {
            try
            {
                read(File.ReadAllText(path), path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                reader.Note($"{path}: cannot be read: {e.Message.ReplaceLineEndings(" ")}");
            }
        }
    }
}
