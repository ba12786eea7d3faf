using System.Text;

namespace StorageLab.Cli.Interactive;

/// <summary>Reads lines from a terminal with the keys that shells have: arrows, history, search, completion.</summary>
/// <remarks>Ctrl-A, -B, -C, -D, -E, -F, -K, -L, -N, -P, -R, -U, -W as readline has them.</remarks>
/// <param name="complete">Completes what stands before the cursor.</param>
internal sealed class LineEditor(Func<string, Completion> complete)
{
    private readonly LineBuffer _line = new();
    private readonly LineHistory _history = new();
    private string _prompt = "";
    private int _promptWidth;
    private int _cursorRow;

    /// <summary>Reads one line.</summary>
    /// <param name="prompt">May hold escape sequences for colours.</param>
    /// <param name="promptWidth">Columns it takes.</param>
    /// <returns>Null at the end of the input (Ctrl-D on an empty line); an empty line when it was given up with Ctrl-C.</returns>
    public string? ReadLine(string prompt, int promptWidth)
    {
        (_prompt, _promptWidth, _cursorRow) = (prompt, promptWidth, 0);
        _line.Set("");
        Console.TreatControlCAsInput = true;
        try
        {
            Draw();
            while (true)
            {
                ConsoleKeyInfo key = Console.ReadKey(intercept: true);
                if (key.Key == ConsoleKey.Enter || key.KeyChar is '\r' or '\n')
                    return Finish(_line.Text);
                if (IsControl(key, ConsoleKey.C))
                    return Finish("", "^C");
                if (IsControl(key, ConsoleKey.D) && _line.Text.Length == 0)
                    return Finish(null);
                if (IsControl(key, ConsoleKey.R))
                {
                    if (Search() is { } found)
                        return Finish(found);
                }
                else
                {
                    Apply(key);
                }

                Draw();
            }
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private void Apply(ConsoleKeyInfo key)
    {
        bool isWordwise = key.Modifiers.HasFlag(ConsoleModifiers.Control) || key.Modifiers.HasFlag(ConsoleModifiers.Alt);
        switch (key.Key)
        {
            case ConsoleKey.Backspace:
                _line.DeleteBack();
                break;
            case ConsoleKey.Delete:
                _line.DeleteForward();
                break;
            case ConsoleKey.LeftArrow when isWordwise:
                _line.MoveToWordStart();
                break;
            case ConsoleKey.RightArrow when isWordwise:
                _line.MoveToWordEnd();
                break;
            case ConsoleKey.LeftArrow:
                _line.MoveBy(-1);
                break;
            case ConsoleKey.RightArrow:
                _line.MoveBy(1);
                break;
            case ConsoleKey.UpArrow:
                _line.Set(_history.Older(_line.Text));
                break;
            case ConsoleKey.DownArrow:
                _line.Set(_history.Newer(_line.Text));
                break;
            case ConsoleKey.Home:
                _line.MoveToStart();
                break;
            case ConsoleKey.End:
                _line.MoveToEnd();
                break;
            case ConsoleKey.Tab:
                Complete();
                break;
            default:
                if (key.Modifiers.HasFlag(ConsoleModifiers.Control))
                    ApplyControl(key.Key);
                else if (!char.IsControl(key.KeyChar))
                    _line.Insert(key.KeyChar.ToString());
                break;
        }
    }

    private void ApplyControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A:
                _line.MoveToStart();
                break;
            case ConsoleKey.B:
                _line.MoveBy(-1);
                break;
            case ConsoleKey.D:
                _line.DeleteForward();
                break;
            case ConsoleKey.E:
                _line.MoveToEnd();
                break;
            case ConsoleKey.F:
                _line.MoveBy(1);
                break;
            case ConsoleKey.H:
                _line.DeleteBack();
                break;
            case ConsoleKey.K:
                _line.DeleteToEnd();
                break;
            case ConsoleKey.L:
                Console.Out.Write("\u001b[H\u001b[2J");
                _cursorRow = 0;
                break;
            case ConsoleKey.N:
                _line.Set(_history.Newer(_line.Text));
                break;
            case ConsoleKey.P:
                _line.Set(_history.Older(_line.Text));
                break;
            case ConsoleKey.U:
                _line.DeleteToStart();
                break;
            case ConsoleKey.W:
                _line.DeleteWordBack();
                break;
        }
    }

    private void Complete()
    {
        Completion completion = complete(_line.BeforeCursor);
        string added = completion.CommonPrefix.Length > completion.WordLength ? completion.CommonPrefix[completion.WordLength..] : "";
        if (completion.Candidates.Length == 1)
            _line.Insert(added + (added.EndsWith('=') ? "" : " "));
        else if (added.Length > 0)
            _line.Insert(added);
        else if (completion.Candidates.Length > 1)
            ShowBelow(completion);
    }

    private void ShowBelow(Completion completion)
    {
        int width = completion.Candidates.Max(candidate => candidate.Length) + 2;
        int columns = Math.Max(1, TerminalWidth() / width);
        StringBuilder list = new("\n");
        foreach (string[] row in completion.Candidates.Chunk(columns))
            list.Append(string.Concat(row.Select(candidate => candidate.PadRight(width))).TrimEnd()).Append('\n');
        MoveToEndOfLine();
        Console.Out.Write(list);
        _cursorRow = 0;
    }

    /// <summary>Ctrl-R: finds an older line by a part of it.</summary>
    /// <returns>The line when it was taken with Enter; null when it is to be edited on.</returns>
    private string? Search()
    {
        (string prompt, int width, string before) = (_prompt, _promptWidth, _line.Text);
        string text = "";
        int index = int.MaxValue;
        try
        {
            while (true)
            {
                _prompt = $"(reverse-i-search) '{text}': ";
                _promptWidth = _prompt.Length;
                Draw();
                ConsoleKeyInfo key = Console.ReadKey(intercept: true);
                if (key.Key == ConsoleKey.Enter)
                    return _line.Text;
                if (IsControl(key, ConsoleKey.C) || IsControl(key, ConsoleKey.G))
                {
                    _line.Set(before);
                    return null;
                }

                if (key.Key == ConsoleKey.Backspace)
                    (text, index) = (text.Length > 0 ? text[..^1] : text, int.MaxValue);
                else if (!char.IsControl(key.KeyChar) && !key.Modifiers.HasFlag(ConsoleModifiers.Control))
                    (text, index) = (text + key.KeyChar, int.MaxValue);
                else if (!IsControl(key, ConsoleKey.R))
                    return null;
                if (_history.Search(text, ref index) is { } found)
                    _line.Set(found);
            }
        }
        finally
        {
            (_prompt, _promptWidth) = (prompt, width);
        }
    }

    private string? Finish(string? line, string mark = "")
    {
        MoveToEndOfLine();
        Console.Out.Write(mark + "\n");
        if (line is not null)
            _history.Add(line);
        return line;
    }

    private void MoveToEndOfLine()
    {
        _line.MoveToEnd();
        Draw();
    }

    private void Draw()
    {
        int width = TerminalWidth();
        StringBuilder screen = new();
        if (_cursorRow > 0)
            screen.Append($"\u001b[{_cursorRow}A");
        screen.Append("\r\u001b[J").Append(_prompt).Append(_line.Text);
        int end = _promptWidth + _line.Text.Length;
        // A terminal wraps when the next character comes, not when the row is full.
        if (end > 0 && end % width == 0)
            screen.Append('\n');
        int cursor = _promptWidth + _line.Cursor;
        int up = (end / width) - (cursor / width);
        if (up > 0)
            screen.Append($"\u001b[{up}A");
        screen.Append('\r');
        if (cursor % width > 0)
            screen.Append($"\u001b[{cursor % width}C");
        _cursorRow = cursor / width;
        Console.Out.Write(screen);
        Console.Out.Flush();
    }

    private static bool IsControl(ConsoleKeyInfo key, ConsoleKey letter) => key.Key == letter && key.Modifiers.HasFlag(ConsoleModifiers.Control);

    private static int TerminalWidth() => Math.Max(20, Console.WindowWidth);
}
