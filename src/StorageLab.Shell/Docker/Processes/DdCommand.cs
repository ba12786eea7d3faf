using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Replay;
using StorageLab.Model.Text;
using StorageLab.Shell.Posix.Execution;

namespace StorageLab.Shell.Docker.Processes;

/// <summary>dd in a container: copies bytes in blocks, from a device that gives any number or from a file.</summary>
internal static class DdCommand
{
    private const long DefaultBlockBytes = 512;

    /// <exception cref="CommandUsageException">An operand that is not understood.</exception>
    public static CommandRun Prepare(ContainerFiles files, ImmutableArray<string> arguments)
    {
        Dictionary<string, string> operands = new(StringComparer.Ordinal);
        for (var index = 0; index < arguments.Length; index++)
        {
            int equals = arguments[index].IndexOf('=');
            string name = equals < 0 ? arguments[index] : arguments[index][..equals];
            if (equals < 0 || name is not ("if" or "of" or "bs" or "count" or "seek" or "conv" or "status" or "iflag" or "oflag"))
                throw new CommandUsageException(index, $"dd: the operand '{arguments[index]}' is not supported; if, of, bs, count, seek, conv and status are");
            operands[name] = arguments[index][(equals + 1)..];
        }

        long blockBytes = SizeOf(operands, "bs", DefaultBlockBytes);
        long? count = operands.ContainsKey("count") ? SizeOf(operands, "count", 0) : null;
        if (blockBytes <= 0)
            throw new CommandUsageException(0, "dd: bs is at least 1");
        return call => Run(files, call, operands, blockBytes, count);
    }

    private static int Run(ContainerFiles files, CommandCall call, Dictionary<string, string> operands, long blockBytes, long? count)
    {
        string source = call.State.Resolve(operands.GetValueOrDefault("if", "/dev/stdin"));
        long availableBytes = long.MaxValue;
        if (source is not ("/dev/zero" or "/dev/urandom" or "/dev/random"))
        {
            if (!files.TryStat(source, out InodeStat stat) || stat.Kind == InodeKind.Directory)
            {
                call.Complain($"dd: can't open '{operands.GetValueOrDefault("if")}': No such file or directory");
                return 1;
            }

            availableBytes = stat.SizeBytes;
        }

        long lengthBytes = count is { } blocks ? Math.Min(availableBytes, checked(blocks * blockBytes)) : availableBytes;
        if (lengthBytes == long.MaxValue)
        {
            call.Complain($"dd: without count a copy of {source} would never end");
            return 1;
        }

        if (availableBytes != long.MaxValue)
            _ = files.Do(source, inner => new ContainerOperation.ReadFile(files.PathOf(inner)));
        string? error = operands.TryGetValue("of", out string? target) ? Write(files, call.State.Resolve(target), lengthBytes, blockBytes, operands) : null;
        if (error is not null)
        {
            call.Complain(error.StartsWith("No space", StringComparison.Ordinal) ? $"dd: error writing '{target}': {error}" : $"dd: can't open '{target}': {error}");
            return 1;
        }

        if (operands.GetValueOrDefault("status") is not "none")
        {
            string records = string.Create(CultureInfo.InvariantCulture, $"{lengthBytes / blockBytes}+{(lengthBytes % blockBytes > 0 ? 1 : 0)} records");
            call.Complain($"{records} in");
            call.Complain($"{records} out");
        }

        return 0;
    }

    private static string? Write(ContainerFiles files, string target, long lengthBytes, long blockBytes, Dictionary<string, string> operands)
    {
        bool syncs = operands.GetValueOrDefault("conv", "").Contains("sync", StringComparison.Ordinal);
        bool keeps = operands.GetValueOrDefault("conv", "").Contains("notrunc", StringComparison.Ordinal) || operands.ContainsKey("seek");
        FsyncPolicy fsync = syncs ? FsyncPolicy.End : FsyncPolicy.Never;
        if (!keeps || !files.IsFile(target))
            return files.WriteBytes(target, lengthBytes, blockBytes, fsync);
        long offsetBytes = SizeOf(operands, "seek", 0) * blockBytes;
        ImmutableArray<long> offsets = [.. Blocks(offsetBytes, lengthBytes, blockBytes)];
        return files.Do(target, inner => new ContainerOperation.Overwrite(files.PathOf(inner), offsets, Math.Min(blockBytes, Math.Max(1, lengthBytes)), fsync));
    }

    private static IEnumerable<long> Blocks(long offsetBytes, long lengthBytes, long blockBytes)
    {
        for (long done = 0; done < lengthBytes; done += blockBytes)
            yield return offsetBytes + done;
    }

    private static long SizeOf(Dictionary<string, string> operands, string name, long fallback)
    {
        if (!operands.TryGetValue(name, out string? text))
            return fallback;
        return DockerSize.TryParse(text, out long bytes) && bytes < 1L << 50
            ? bytes
            : throw new CommandUsageException(0, $"dd: {name}={text} is not a number such as 4k or 1M");
    }
}
