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
    public static void Complain(string message) => Console.Error.WriteLine("storagelab: " + message.ReplaceLineEndings(" "));
}
