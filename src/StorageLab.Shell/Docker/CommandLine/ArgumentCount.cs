namespace StorageLab.Shell.Docker.CommandLine;

/// <summary>How many arguments a command takes, and what it says to another number.</summary>
/// <param name="Minimum">At least.</param>
/// <param name="Maximum">At most; the largest number for no limit.</param>
/// <remarks>Source: docker/cli v20.10, cli/required.go.</remarks>
internal readonly record struct ArgumentCount(int Minimum, int Maximum)
{
    public static ArgumentCount None => new(0, 0);

    public static ArgumentCount Any => new(0, int.MaxValue);

    public static ArgumentCount Exactly(int count) => new(count, count);

    public static ArgumentCount AtLeast(int count) => new(count, int.MaxValue);

    public static ArgumentCount AtMost(int count) => new(0, count);

    public static ArgumentCount Between(int minimum, int maximum) => new(minimum, maximum);

    /// <summary>What is wrong with so many; null when nothing is.</summary>
    public string? Complaint(int count)
    {
        if (count >= Minimum && count <= Maximum)
            return null;
        if (Maximum == 0)
            return "accepts no arguments.";
        if (Minimum == Maximum)
            return $"requires exactly {Minimum} {Plural(Minimum)}.";
        if (Maximum == int.MaxValue)
            return $"requires at least {Minimum} {Plural(Minimum)}.";
        return Minimum == 0
            ? $"requires at most {Maximum} {Plural(Maximum)}."
            : $"requires at least {Minimum} and at most {Maximum} {Plural(Maximum)}.";
    }

    private static string Plural(int count) => count == 1 ? "argument" : "arguments";
}
