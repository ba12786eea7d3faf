using System.CommandLine;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab import</c>: what real hosts wrote down, read into the lab.</summary>
internal static class ImportVerb
{
    public static Command Build() => new("import", "Read what a real host wrote down.")
    {
        ThinDumpVerb.Build(),
        HistoryVerb.BuildDockerEvents(),
        HistoryVerb.BuildRegistryTrace(),
    };
}
