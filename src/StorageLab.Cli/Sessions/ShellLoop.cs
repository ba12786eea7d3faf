using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Spectre.Console;
using StorageLab.Cli.Interactive;
using StorageLab.Cli.Verbs;
using StorageLab.Model.Drivers;
using StorageLab.Model.Maps;
using StorageLab.Model.Measurement;
using StorageLab.Model.Text;
using StorageLab.Reports;
using StorageLab.Scenarios;
using StorageLab.Shell;
using StorageLab.Shell.Posix.Execution;
using StorageLab.Shell.Posix.Syntax;
using StorageLab.Shell.Sessions;

namespace StorageLab.Cli.Sessions;

/// <summary>Reads commands, from a terminal or a pipe, runs them, and says what each did to the disk.</summary>
internal sealed class ShellLoop
{
    /// <summary>Exit status of a line that could not be read or run.</summary>
    private const int BadLine = 2;

    private readonly LabShell _shell;
    private readonly bool _isQuiet;
    private readonly LineEditor? _editor;
    private readonly ImmutableArray<(string Word, string Help, Action<string> Run)> _words;

    /// <summary>Interrupts the command that runs; null between commands.</summary>
    private Action? _interrupt;
    private int _status;

    /// <param name="isQuiet">No line about the disk behind each command.</param>
    public ShellLoop(LabShell shell, bool isQuiet)
    {
        _shell = shell;
        _isQuiet = isQuiet;
        _words =
        [
            ("disk", "draw what the driver's storage holds, block by block", _ => DrawDisk()),
            ("driver", "list the drivers; with a name: do everything typed so far on that one", Switch),
            ("explain", "why the last command did, or did not, give back space", _ => Explain()),
            ("undo", "take back the last command", _ => Undo()),
            ("reset", "take everything back", _ => Reset()),
            ("plot", "replay what was typed on all drivers; plots and tables in reports/shell, or in the folder given", Plot),
            ("help", "this list", _ => Help()),
        ];
        if (Console.IsInputRedirected || Console.IsOutputRedirected)
            return;
        ShellCompletion completion = new(
            shell,
            [.. _words.Select(entry => entry.Word), "exit"],
            ShellCompletion.TagsOf(ImageCatalog.Open(ScenarioLibrary.Shipped.CatalogFolder, shell.Scenario.Names)));
        _editor = new LineEditor(completion.Complete);
    }

    /// <returns>What <c>exit</c> said, else the status of the last command.</returns>
    public int Run()
    {
        using PosixSignalRegistration interrupts = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            // Between commands an interrupt ends the program as it always does.
            Action? interrupt = _interrupt;
            context.Cancel = interrupt is not null;
            interrupt?.Invoke();
        });
        if (_editor is not null)
            Console.Out.WriteLine($"{Describe(_shell.Session.Variant)}; docker's commands, and help for the lab's");
        while (_shell.Session.State.Flow != ShellFlow.Exit && ReadCommand() is { } lines)
            RunLines(lines);
        return _status;
    }

    private void RunLines(string lines)
    {
        string[] words = lines.Trim().Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return;
        Sample before = _shell.Session.Last;
        try
        {
            if (_words.FirstOrDefault(entry => entry.Word == words[0]) is { Word: not null } word)
            {
                word.Run(words.Length > 1 ? words[1].Trim() : "");
                return;
            }

            using CancellationTokenSource interrupt = new();
            _interrupt = interrupt.Cancel;
            _status = _shell.Run(lines, new ShellStreams(Console.In, Console.Out, Console.Error), interrupt.Token);
            if (!_isQuiet && _shell.Session.State.Flow != ShellFlow.Exit)
                PrintDiskLine(before);
        }
        catch (ScriptException e)
        {
            Terminal.Complain(Hint(e, words[0]));
            _status = BadLine;
        }
        catch (OperationCanceledException)
        {
            Terminal.Complain("interrupted; the command is undone");
            _status = ExitCode.Interrupted;
        }
        finally
        {
            _interrupt = null;
        }
    }

    /// <summary>The nearest word may be one of the lab's own.</summary>
    private string Hint(ScriptException e, string word) =>
        e.Problem.Message.StartsWith($"the command '{word}'", StringComparison.Ordinal) && NearestWord.Find(word, _words.Select(entry => entry.Word)) is { } near
        && NearestWord.Find(word, _shell.Session.Commands.Names) is null
            ? $"{e.Problem.File}:{e.Problem.Line}:{e.Problem.Column}: the command '{word}' is not supported; did you mean {near}?"
            : e.Problem.ToString();

    private void PrintDiskLine(Sample before)
    {
        VariantSpec variant = _shell.Session.Variant;
        string line = $"{variant.Name}: {DiskLine.Of(before, _shell.Session.Last, variant.Host.Profile.Name)}";
        Terminal.Output.MarkupLine($"[grey]# {Markup.Escape(line)}[/]");
    }

    /// <summary>A command with the lines that belong to it; null at the end of the input.</summary>
    private string? ReadCommand()
    {
        string? lines = ReadLine($"{_shell.Session.Variant.Name} $ ");
        while (lines is not null && NeedsMore(lines) && ReadLine("> ") is { } next)
            lines += "\n" + next;
        return lines;
    }

    private string? ReadLine(string prompt)
    {
        if (_editor is null)
            return Console.In.ReadLine();
        bool isColoured = Terminal.Output.Profile.Capabilities.ColorSystem != ColorSystem.NoColors;
        return _editor.ReadLine(isColoured ? $"\u001b[32m{prompt}\u001b[0m" : prompt, prompt.Length);
    }

    /// <summary>Loops, conditions, here-documents and joined lines go on; an open quote is a mistake that is said at once.</summary>
    private static bool NeedsMore(string lines)
    {
        try
        {
            _ = ScriptParser.Parse(ScriptText.Of("shell", lines));
            return (lines.Length - lines.TrimEnd('\\').Length) % 2 == 1;
        }
        catch (ScriptException e)
        {
            return e.Incompleteness == Incompleteness.Command;
        }
    }

    private void DrawDisk()
    {
        bool isPlain = Console.IsOutputRedirected || Terminal.Output.Profile.Capabilities.ColorSystem == ColorSystem.NoColors;
        DiskMapPicture.Print(Terminal.Output, new DiskMapper(_shell.Session.Host).Read(), Console.IsOutputRedirected ? 80 : Console.WindowWidth, isPlain);
    }

    private void Switch(string name)
    {
        if (name.Length == 0)
        {
            foreach (VariantSpec variant in _shell.Variants)
                Console.Out.WriteLine($"{(variant.Name == _shell.Session.Variant.Name ? "*" : " ")} {Describe(variant)}");
            return;
        }

        VariantSpec? chosen = _shell.Variants.FirstOrDefault(variant => variant.Name == name) ?? _shell.Variants.FirstOrDefault(variant => variant.Driver == name);
        if (chosen is null)
        {
            string hint = NearestWord.Find(name, _shell.Variants.Select(variant => variant.Name)) is { } near ? $"did you mean {near}?" : $"there are {string.Join(", ", _shell.Variants.Select(variant => variant.Name))}";
            Terminal.Complain($"there is no driver '{name}'; {hint}");
            _status = BadLine;
            return;
        }

        try
        {
            _shell.SwitchTo(chosen);
            Console.Out.WriteLine($"{Describe(chosen)}; {State()}");
        }
        catch (ArgumentException e)
        {
            Terminal.Complain($"{chosen.Name}: {e.Message.ReplaceLineEndings(" ")}");
            _status = BadLine;
        }
    }

    private void Explain()
    {
        if (_shell.History.Count == 0)
        {
            Console.Out.WriteLine("nothing was done yet");
            return;
        }

        Console.Out.WriteLine(_shell.History[^1].Text);
        TextTable table = new(["", ""]);
        foreach ((string floor, string text) in new Explanation(_shell.Before, HostSnapshot.Of(_shell.Session), _shell.Session.Host.Driver).Lines())
            table.Add(floor, text);
        table.Print(Console.Out, indent: 2, width: Console.IsOutputRedirected ? 0 : Console.WindowWidth);
    }

    private void Undo() =>
        Console.Out.WriteLine(_shell.Undo() is { } undone ? $"undone: {undone}; {State()}" : "there is nothing to undo");

    private void Reset()
    {
        _shell.Reset();
        Console.Out.WriteLine($"everything is undone; {State()}");
    }

    private void Plot(string folder)
    {
        RunOptions options = new(folder.Length > 0 ? folder : "reports/shell", Environment.ProcessorCount, OutputMode.Plain);
        // The run says itself where its files are, and what went wrong when they could not be written.
        _status = RunVerb.RunAsync(_shell.Scenario, options, (_, variant, _, stop) => _shell.Replay(variant, stop)).GetAwaiter().GetResult();
    }

    private void Help()
    {
        TextTable table = new(["", ""]);
        foreach ((string word, string help, _) in _words)
            table.Add(word, help);
        table.Add("df, ls, du", "the host's disk, and what lies on it under /var/lib/docker");
        table.Add("sleep, fstrim", "time passes; free space of /var/lib/docker is offered to the disk");
        table.Add("exit", "end, as Ctrl-D does");
        table.Print(Console.Out, indent: 2, width: Console.IsOutputRedirected ? 0 : Console.WindowWidth);
        Console.Out.WriteLine($"and docker, and of a shell's: {string.Join(' ', _shell.Session.Commands.Names.Where(name => char.IsAsciiLetter(name[0])))}");
    }

    private string State() =>
        $"{IecBytes.Format(_shell.Session.Last.BackingAllocatedBytes)} allocated, {IecBytes.Format(_shell.Session.Last.LiveBytes)} live";

    private static string Describe(VariantSpec variant) =>
        $"{variant.Name} on {IecBytes.Format(variant.Host.DiskBytes)} of {variant.Host.Profile.Name}, {variant.Host.FileSystem}";
}
