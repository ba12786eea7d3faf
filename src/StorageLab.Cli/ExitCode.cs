namespace StorageLab.Cli;

/// <summary>What the process ends with; the help text and the README list the same.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>A comparison found more than its tolerance, or a check something worth a warning.</summary>
    public const int Finding = 1;

    /// <summary>The input or the command line cannot be used; nothing was run.</summary>
    public const int BadInput = 2;

    /// <summary>The run could not be written, e.g. because the disk filled up under it, or the machine or the daemon that it was measured on went away.</summary>
    public const int OutputFailed = 3;

    /// <summary>EX_SOFTWARE of sysexits.h: a bug in storagelab itself.</summary>
    public const int Bug = 70;

    /// <summary>128 + SIGINT, as shells report it.</summary>
    public const int Interrupted = 130;

    public const string Table =
        """
        Exit codes:
          0    done; steps that Docker refused or that failed on a full pool are results
          1    a comparison found more than its tolerance; check-config: only warnings
          2    bad input or usage; nothing was run; check-config: Docker would not start
          3    the output could not be written, or a machine or daemon went away; what was measured stands
          70   a bug in storagelab
          130  interrupted; what was measured so far was written
        """;
}
