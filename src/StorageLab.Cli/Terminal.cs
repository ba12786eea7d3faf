using Spectre.Console;

namespace StorageLab.Cli;

/// <summary>Data goes to the output, everything about its making to the error stream.</summary>
internal static class Terminal
{
    /// <summary>Styled output; plain text where it is not a terminal.</summary>
    public static IAnsiConsole Output { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });

    /// <summary>Styled error stream.</summary>
    public static IAnsiConsole Error { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>Whether a moving display can be drawn on the error stream.</summary>
    public static bool IsErrorInteractive => !Console.IsErrorRedirected && Error.Profile.Capabilities.Ansi;

    /// <summary>Does something that may take seconds, showing on a terminal's error stream that it goes on.</summary>
    public static T WithStatus<T>(string what, Func<T> work) => IsErrorInteractive ? Error.Status().Start(Markup.Escape(what), _ => work()) : work();

    /// <summary>One line about what went wrong.</summary>
    public static void Complain(string message) => Say("storagelab: " + message.ReplaceLineEndings(" "));

    /// <summary>A line on the error stream. Where there is none (2>&amp;-), nobody waits for it.</summary>
    public static void Say(string line)
    {
        try
        {
            Console.Error.WriteLine(line);
        }
        catch (Exception e) when (IsStreamFailure(e))
        {
            // What was to be said changes nothing about what was done.
        }
    }

    /// <summary>Whether an exception tells of a stream that cannot be written: a full disk behind it, or no stream at all.</summary>
    public static bool IsStreamFailure(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>Text from a scenario as it may go to a terminal: one line, without control characters.</summary>
    public static string Shown(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '?' : c)) : text;
}
