using System.Collections.Immutable;
using StorageLab.Model.Blocks;
using StorageLab.Model.Images;
using StorageLab.Scenarios.Steps;
using StorageLab.Scenarios.Values;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios;

/// <summary>Reads a disk's profile: a YAML file that says how fast it is, and where the numbers come from.</summary>
public static class DeviceProfileReader
{
    // Slower than a floppy disk or faster than memory is a slip of the units.
    private const long BytesPerSecondMin = 1L << 10;
    private const long BytesPerSecondMax = 1L << 40;
    private const long NanosecondsMax = 10_000_000_000;

    internal static ImmutableArray<Setting> Settings { get; } =
    [
        new("title", SettingKind.Text, "what kind of disk it is", true),
        new("source", SettingKind.Prose, "where the numbers come from", true),
        new("read_per_second", SettingKind.Size, "bytes that flow in a second of one long read", true),
        new("write_per_second", SettingKind.Size, "bytes that flow in a second of one long write", true),
        new("read_latency", SettingKind.Duration, "time of one read request before its bytes flow", true),
        new("write_latency", SettingKind.Duration, "time of one write request before its bytes flow", true),
        new("seek", SettingKind.Duration, "time of a request that does not start where the last one ended; 0s for flash", true),
        new("flush", SettingKind.Duration, "time of a cache flush", true),
        new("queue_depth", SettingKind.Count, "requests it serves at once when several wait; 1 for a single arm", true),
    ];

    /// <summary>Reads a profile; its name is the file's.</summary>
    /// <exception cref="InputException">The file is missing or wrong; every problem is in it.</exception>
    public static DiskProfile Read(string path)
    {
        ProblemList problems = new(path);
        YamlNode? root = YamlTreeReader.Read(InputFile.ReadText(path), problems);
        problems.ThrowIfAny();
        StepContext context = new(problems, new NameTable(), _ => throw new ValueException("a profile has no images"));
        SettingMap settings = new(root!, "a profile", Settings, LoopVariables.None, context);
        ReplayScope scope = new(0);
        _ = settings.Text("title");
        _ = settings.Text("source");
        DiskProfile profile = new()
        {
            Name = Path.GetFileNameWithoutExtension(path),
            ReadBytesPerSecond = settings.Size("read_per_second", BytesPerSecondMin, BytesPerSecondMax).Get(scope),
            WriteBytesPerSecond = settings.Size("write_per_second", BytesPerSecondMin, BytesPerSecondMax).Get(scope),
            ReadLatencyNanoseconds = Latency(settings, "read_latency"),
            WriteLatencyNanoseconds = Latency(settings, "write_latency"),
            SeekNanoseconds = Latency(settings, "seek"),
            FlushNanoseconds = Latency(settings, "flush"),
            QueueDepth = (int)settings.Count("queue_depth", 1, 65_536, 1).Get(scope),
        };
        problems.ThrowIfAny();
        return profile;
    }

    private static long Latency(SettingMap settings, string name)
    {
        long nanoseconds = settings.Duration(name).Get(new ReplayScope(0));
        if (nanoseconds > NanosecondsMax)
            settings.Fail(settings.Find(name)!, $"{name} is more than 10 seconds; no disk is that slow");
        return nanoseconds;
    }
}
