using System.Text;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Docker.Builds;

/// <summary>The files a build can copy, and its Dockerfile.</summary>
/// <param name="Files">All below the folder, in order.</param>
/// <param name="Dockerfile">Text of the Dockerfile.</param>
/// <param name="DockerfileName">Its name in the context.</param>
internal sealed record BuildContext(IReadOnlyList<ContextFile> Files, string Dockerfile, string DockerfileName)
{
    private const long TarBlockBytes = 512;

    /// <summary>Files of a context, which is sent whole.</summary>
    private const int FileCountMax = 100_000;

    /// <summary>Length of the archive that the client sends: a header and the content in blocks of 512 bytes per entry, and two blocks at the end.</summary>
    public long ArchiveBytes => Files.Sum(file => TarBlockBytes + ((file.Bytes + TarBlockBytes - 1) / TarBlockBytes * TarBlockBytes)) + (2 * TarBlockBytes);

    /// <summary>A folder of the lab's own files.</summary>
    /// <returns>Null when there is no such folder, or no Dockerfile in it.</returns>
    public static BuildContext? Read(IShellFiles files, string folder, string dockerfile)
    {
        if (!files.IsDirectory(folder) || !files.TryRead(dockerfile, out string text))
            return null;
        List<ContextFile> found = [];
        Walk("");
        return new BuildContext(found, text, Path.GetRelativePath(folder, dockerfile));

        void Walk(string below)
        {
            foreach (string name in files.NamesIn($"{folder}/{below}".TrimEnd('/')))
            {
                string path = below + name;
                if (files.IsDirectory($"{folder}/{path}"))
                {
                    found.Add(ContextFile.Directory(path + "/"));
                    Walk(path + "/");
                }
                else if (files.TryRead($"{folder}/{path}", out string content))
                {
                    byte[] bytes = Encoding.UTF8.GetBytes(content);
                    found.Add(ContextFile.File(path, bytes.Length, new MemoryStream(bytes)));
                }
            }
        }
    }

    /// <summary>A folder of the machine the lab runs on; its files are only read.</summary>
    /// <returns>Null when there is no such folder, or no Dockerfile in it.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static BuildContext? ReadFolder(string folder, string dockerfile)
    {
        if (!Directory.Exists(folder) || !File.Exists(dockerfile))
            return null;
        List<ContextFile> found = [];
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Take(FileCountMax))
        {
            string path = Path.GetRelativePath(folder, entry.FullName);
            if (entry is not FileInfo file)
            {
                found.Add(ContextFile.Directory(path + "/", entry.UnixFileMode));
                continue;
            }

            using FileStream content = file.OpenRead();
            found.Add(ContextFile.File(path, file.Length, content, file.UnixFileMode));
        }

        found.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return new BuildContext(found, File.ReadAllText(dockerfile), Path.GetRelativePath(folder, dockerfile));
    }

    /// <summary>What a source of COPY brings: a file under its own name, or what a directory holds.</summary>
    /// <returns>The files, their paths relative to the source; null when there is no such source.</returns>
    public IReadOnlyList<ContextFile>? Find(string source, out bool isDirectory)
    {
        string path = source.Trim('/');
        if (path.StartsWith("./", StringComparison.Ordinal))
            path = path[2..];
        isDirectory = path is "" or "." || Files.Any(file => file.Path == path + "/");
        if (path is "" or ".")
            return Files;
        if (isDirectory)
        {
            string folder = path + "/";
            return [.. Files.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal) && file.Path != folder).Select(file => file with { Path = file.Path[folder.Length..] })];
        }

        return Files.FirstOrDefault(file => file.Path == path) is { } found ? [found with { Path = path[(path.LastIndexOf('/') + 1)..] }] : null;
    }
}
