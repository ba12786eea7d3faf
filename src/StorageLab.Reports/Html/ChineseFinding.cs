using StorageLab.Model.Measurement;

namespace StorageLab.Reports.Html;

/// <summary>The finding at the top of the page in Chinese: what the storage holds at the end for what is live.</summary>
internal static class ChineseFinding
{
    /// <summary>Empty when there is no variant.</summary>
    public static string Growth(RunSummary run)
    {
        if (run.Variants.IsEmpty)
            return "";
        VariantSummary most = run.Variants.MaxBy(v => v.FinalBackingBytes)!;
        VariantSummary least = run.Variants.MinBy(v => v.FinalBackingBytes)!;
        string live = most.FinalLiveBytes == 0 ? "已没有任何存活数据" : $"存活数据只有 {IecBytes.Format(most.FinalLiveBytes)}";
        string end = $"{most.Variant} 结束时占用磁盘 {IecBytes.Format(most.FinalBackingBytes)}，而{live}（峰值 {IecBytes.Format(most.PeakBackingBytes)}）";
        return run.Variants.Length == 1 ? end : $"{end}；{least.Variant} 只占用 {IecBytes.Format(least.FinalBackingBytes)}";
    }
}
