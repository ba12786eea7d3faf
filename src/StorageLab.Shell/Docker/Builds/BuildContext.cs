using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Docker.Builds;

/// <summary>The files a build can copy, and its Dockerfile.</summary>
/// <param name="Files">Paths relative to the context with their lengths in bytes, in order; directories end with a slash.</param>
/// <param name="Dockerfile">Text of the Dockerfile.</param>
internal sealed record BuildContext(IReadOnlyList<(string Path, long Bytes)> Files, string Dockerfile)
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
        List<(string Path, long Bytes)> found = [];
        Walk("");
        return new BuildContext(found, text);

        void Walk(string below)
        {
            foreach (string name in files.NamesIn($"{folder}/{below}".TrimEnd('/')))
            {
                string path = below + name;
                if (files.IsDirectory($"{folder}/{path}"))
                {
                    found.Add((path + "/", 0));
                    Walk(path + "/");
                }
                else if (files.TryRead($"{folder}/{path}", out string content))
                {
                    found.Add((path, System.Text.Encoding.UTF8.GetByteCount(content)));
                }
            }
        }
    }

    /// <summary>A folder of the machine the lab runs on; only names and lengths are read, and the Dockerfile.</summary>
    /// <returns>Null when there is no such folder, or no Dockerfile in it.</returns>
    public static BuildContext? ReadFolder(string folder, string dockerfile)
    {
        if (!Directory.Exists(folder) || !File.Exists(dockerfile))
            return null;
        List<(string Path, long Bytes)> found = [];
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Take(FileCountMax))
        {
            string path = Path.GetRelativePath(folder, entry.FullName).Replace('\\', '/');
            found.Add(entry is FileInfo file ? (path, file.Length) : (path + "/", 0));
        }

        found.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return new BuildContext(found, File.ReadAllText(dockerfile));
    }

    /// <summary>What a source of COPY brings: a file under its own name, or what a directory holds.</summary>
    /// <returns>Paths relative to the source with lengths; null when there is no such source.</returns>
    public IReadOnlyList<(string Path, long Bytes)>? Find(string source, out bool isDirectory)
    {
        string path = source.Trim('/');
        if (path.StartsWith("./", StringComparison.Ordinal))
            path = path[2..];
        isDirectory = path is "" or "." || Files.Any(file => file.Path == path + "/");
        if (path is "" or ".")
            return Files;
        if (isDirectory)
            return [.. Files.Where(file => file.Path.StartsWith(path + "/", StringComparison.Ordinal) && file.Path.Length > path.Length + 1).Select(file => (file.Path[(path.Length + 1)..], file.Bytes))];
        int index = Files.ToList().FindIndex(file => file.Path == path);
        return index < 0 ? null : [(path[(path.LastIndexOf('/') + 1)..], Files[index].Bytes)];
    }
}
