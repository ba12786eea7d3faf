namespace StorageLab.Model.Measurement;

/// <summary>What kind of work a sample's operation word stands for.</summary>
public static class DockerOperation
{
    /// <summary>Time passes and nothing is done.</summary>
    public const string Wait = "wait";

    /// <summary>Whether the operation removes containers or images, so that a user expects space back: rm, rmi and every prune.</summary>
    public static bool IsDelete(string operation) =>
        operation is "rm" or "rmi" || operation.Contains("prune", StringComparison.Ordinal);
}
