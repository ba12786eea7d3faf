using StorageLab.Model.Images;
using StorageLab.Model.Measurement;
using StorageLab.Shell.Text;

namespace StorageLab.Shell.Docker.Formats;

/// <summary>Ids, texts and times as Docker's lists show them.</summary>
internal static class Shown
{
    /// <summary>The first 12 digits of an id, or all of it.</summary>
    public static string Id(string id, bool truncates) => truncates ? ContentIds.Truncated(id) : id;

    /// <summary>At most so many characters, the last of them an ellipsis where some were left out.</summary>
    public static string Ellipsis(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    /// <summary>How long ago something was, e.g. <c>5 seconds ago</c>.</summary>
    public static string Since(Timestamp moment, Timestamp now) => DockerUnits.HumanDuration(Elapsed(moment, now)) + " ago";

    /// <summary>Whole seconds of the moment count, as lists carry no more.</summary>
    public static TimeSpan Elapsed(Timestamp moment, Timestamp now) =>
        TimeSpan.FromTicks((now.UnixNanoseconds - (moment.UnixSeconds * 1_000_000_000)) / TimeSpan.NanosecondsPerTick);

    /// <summary>As Go prints a time: <c>2024-01-15 10:00:00 +0000 UTC</c>.</summary>
    public static string Date(Timestamp moment) => moment.Format("yyyy-MM-dd HH:mm:ss") + " +0000 UTC";
}
