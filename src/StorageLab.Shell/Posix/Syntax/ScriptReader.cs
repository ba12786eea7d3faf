using System.Text.RegularExpressions;

namespace StorageLab.Shell.Posix.Syntax;

/// <summary>Reads scripts and transcripts of terminals.</summary>
/// <remarks>
/// A file is a transcript when a line begins with <c>$ </c>, with a prompt such as <c>root@host:~# </c> or <c>[root@host ~]# </c>, or with <c># </c>
/// and a command while no other line is one. Of a transcript only the commands are taken: what follows a prompt, lines behind one that ends
/// in a backslash, and lines with the prompt <c>&gt; </c> behind those.
/// </remarks>
public sealed partial class ScriptReader(Func<string, bool> knowsCommand)
{
    /// <summary>Reads a file's text.</summary>
    public ScriptText Read(string file, string content)
    {
        ScriptText whole = ScriptText.Of(file, content);
        List<(int Start, string Line)> lines = [.. Lines(whole.Text)];
        Func<string, int>? prompt = FindPrompt(lines);
        return prompt is null ? whole : Commands(whole, lines, prompt);
    }

    private Func<string, int>? FindPrompt(List<(int Start, string Line)> lines)
    {
        if (lines.Exists(line => DollarPrompt(line.Line) > 0))
            return DollarPrompt;
        if (lines.Exists(line => HostPrompt(line.Line) > 0))
            return HostPrompt;
        bool isRootTranscript = lines.Exists(line => RootPrompt(line.Line) > 0) && !lines.Exists(line => knowsCommand(FirstWord(line.Line)));
        return isRootTranscript ? RootPrompt : null;
    }

    private static ScriptText Commands(ScriptText whole, List<(int Start, string Line)> lines, Func<string, int> prompt)
    {
        List<int> indices = [];
        var continues = false;
        var follows = false;
        foreach ((int start, string line) in lines)
        {
            int skipped = prompt(line);
            bool isCommand = skipped > 0;
            if (!isCommand && follows && line.StartsWith("> ", StringComparison.Ordinal))
                (isCommand, skipped) = (true, 2);
            else if (!isCommand && continues)
                isCommand = true;
            follows = isCommand;
            continues = isCommand && EndsInBackslash(line);
            if (!isCommand)
                continue;
            // The line's end belongs to it, so that commands stay apart.
            indices.AddRange(Enumerable.Range(start + skipped, Math.Min(line.Length + 1 - skipped, whole.Text.Length - start - skipped)));
        }

        return whole.Pick(indices, whole.Text.Length);
    }

    private static int DollarPrompt(string line) => line.StartsWith("$ ", StringComparison.Ordinal) ? 2 : 0;

    private static int HostPrompt(string line) => HostPattern().Match(line).Length;

    private int RootPrompt(string line) => line.StartsWith("# ", StringComparison.Ordinal) && knowsCommand(FirstWord(line[2..])) ? 2 : 0;

    private static string FirstWord(string line) => line.TrimStart().Split([' ', '\t', ';', '|', '&', '>', '<'], 2)[0];

    private static bool EndsInBackslash(string line) => (line.Length - line.TrimEnd('\\').Length) % 2 == 1;

    private static IEnumerable<(int Start, string Line)> Lines(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end;
            yield return (start, text[start..end]);
            start = end + 1;
        }
    }

    [GeneratedRegex(@"^(?:\[[\w.-]+@[\w.-]+ [^\]\n]{1,80}\]|[\w.-]+@[\w.-]+:[^\s#$]{1,80})[#$] ", RegexOptions.CultureInvariant)]
    private static partial Regex HostPattern();
}
