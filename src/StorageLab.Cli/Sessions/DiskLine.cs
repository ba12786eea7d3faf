using System.Globalization;
using StorageLab.Model.Measurement;
using StorageLab.Reports;

namespace StorageLab.Cli.Sessions;

/// <summary>What a command did to the disk, in one line.</summary>
internal static class DiskLine
{
    /// <param name="before">The host before the command.</param>
    /// <param name="after">The host behind it.</param>
    /// <param name="profile">Name of the disk's profile, which the time is of.</param>
    public static string Of(Sample before, Sample after, string profile)
    {
        long backing = after.BackingAllocatedBytes - before.BackingAllocatedBytes;
        long live = after.LiveBytes - before.LiveBytes;
        string given = backing < 0 ? $", {IecBytes.Format(-backing)} given back" : live < 0 ? ", nothing given back" : "";
        double seconds = (after.ElapsedNanoseconds - before.ElapsedNanoseconds) / 1e9;
        return $"{IecBytes.Format(after.BackingAllocatedBytes)} allocated{Change(backing)}, {IecBytes.Format(after.LiveBytes)} live{Change(live)}{given}, "
            + $"{seconds.ToString(seconds < 10 ? "0.00" : "0", CultureInfo.InvariantCulture)} s on {profile}";
    }

    private static string Change(long bytes) => bytes == 0 ? "" : $" ({(bytes > 0 ? "+" : "")}{IecBytes.Format(bytes)})";
}
