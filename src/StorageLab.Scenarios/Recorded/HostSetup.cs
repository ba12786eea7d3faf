using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Model.FileSystems.Ext4;

namespace StorageLab.Scenarios.Recorded;

/// <summary>Finds in a recording how the disk of Docker's root was mounted.</summary>
internal static class HostSetup
{
    /// <summary>The pace of ext4's background zeroing by the options of the first <c>mount</c>: 0 with <c>noinit_itable</c>, N with <c>init_itable=N</c>.</summary>
    public static int InodeTableWaitMultiple(ImmutableArray<string> commands)
    {
        string mount = commands.FirstOrDefault(command => command.StartsWith("mount ", StringComparison.Ordinal), "");
        foreach (string option in mount.Split(' ', ','))
        {
            if (option == "noinit_itable")
                return 0;
            if (option.StartsWith("init_itable=", StringComparison.Ordinal)
                && int.TryParse(option.AsSpan(option.IndexOf('=', StringComparison.Ordinal) + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int multiple))
                return multiple;
        }

        return Ext4FormatOptions.InodeTableWaitMultipleDefault;
    }
}
