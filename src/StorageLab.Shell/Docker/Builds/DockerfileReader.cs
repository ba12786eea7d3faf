using System.Text;
using System.Text.Json;

namespace StorageLab.Shell.Docker.Builds;

/// <summary>Reads Dockerfiles and the words of their instructions.</summary>
/// <remarks>Source: moby/buildkit, frontend/dockerfile/parser/parser.go and line_parsers.go.</remarks>
internal static class DockerfileReader
{
    private static readonly string[] Keywords =
    [
        "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL",
        "USER", "VOLUME", "WORKDIR",
    ];

    /// <exception cref="DockerfileException">An instruction is unknown, or there is none.</exception>
    public static IReadOnlyList<DockerfileInstruction> Read(string text, string fileName)
    {
        List<DockerfileInstruction> instructions = [];
        string[] lines = text.Split('\n');
        for (var index = 0; index < lines.Length; index++)
        {
            string line = lines[index].TrimEnd('\r');
            if (IsComment(line) || line.Trim().Length == 0)
                continue;
            int first = index + 1;
            StringBuilder whole = new(line.TrimStart());
            while (whole.ToString().TrimEnd() is ['\\'] or [.., '\\'] && index + 1 < lines.Length)
            {
                whole = new StringBuilder(whole.ToString().TrimEnd()[..^1]);
                do
                    index++;
                while (index + 1 < lines.Length && (IsComment(lines[index]) || lines[index].Trim().Length == 0));
                if (!IsComment(lines[index]))
                    whole.Append(lines[index].TrimEnd('\r'));
            }

            instructions.Add(Make(first, whole.ToString().TrimEnd()));
        }

        return instructions.Count > 0 ? instructions : throw new DockerfileException($"the Dockerfile ({fileName}) cannot be empty");
    }

    /// <summary>The words of a JSON list of texts; null for anything else.</summary>
    public static string[]? TryReadList(string text)
    {
        if (!text.StartsWith('['))
            return null;
        try
        {
            return JsonSerializer.Deserialize<string[]>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Words at blanks, with quotes and backslashes taken as a shell takes them.</summary>
    public static List<string> Words(string text)
    {
        List<string> words = [];
        StringBuilder? word = null;
        char quote = '\0';
        for (var at = 0; at < text.Length; at++)
        {
            char character = text[at];
            if (quote == '\0' && char.IsWhiteSpace(character))
            {
                if (word is not null)
                    words.Add(word.ToString());
                word = null;
                continue;
            }

            word ??= new StringBuilder();
            if (character == '\\' && quote != '\'' && at + 1 < text.Length)
                word.Append(text[++at]);
            else if (quote == '\0' && character is '"' or '\'')
                quote = character;
            else if (character == quote && quote != '\0')
                quote = '\0';
            else
                word.Append(character);
        }

        if (word is not null)
            words.Add(word.ToString());
        return words;
    }

    /// <summary>Replaces <c>$NAME</c>, <c>${NAME}</c> and <c>${NAME:-fallback}</c>.</summary>
    public static string Expand(string text, Func<string, string?> valueOf)
    {
        StringBuilder expanded = new();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] == '$')
            {
                expanded.Append(text[++at]);
                continue;
            }

            if (text[at] != '$' || at + 1 >= text.Length)
            {
                expanded.Append(text[at]);
                continue;
            }

            if (text[at + 1] == '{' && text.IndexOf('}', at) is var end and > 0)
            {
                string[] parts = text[(at + 2)..end].Split(":-", 2);
                string? value = valueOf(parts[0]);
                expanded.Append(string.IsNullOrEmpty(value) && parts.Length > 1 ? parts[1] : value);
                at = end;
                continue;
            }

            int stop = at + 1;
            while (stop < text.Length && (char.IsAsciiLetterOrDigit(text[stop]) || text[stop] == '_'))
                stop++;
            expanded.Append(stop == at + 1 ? "$" : valueOf(text[(at + 1)..stop]));
            at = stop == at + 1 ? at : stop - 1;
        }

        return expanded.ToString();
    }

    private static bool IsComment(string line) => line.TrimStart().StartsWith('#');

    private static DockerfileInstruction Make(int line, string text)
    {
        int blank = text.IndexOfAny([' ', '\t']);
        string keyword = (blank < 0 ? text : text[..blank]).ToUpperInvariant();
        if (!Keywords.Contains(keyword))
            throw new DockerfileException($"dockerfile parse error line {line}: unknown instruction: {keyword}");
        string rest = blank < 0 ? "" : text[blank..].Trim();
        List<string> flags = [];
        while (rest.StartsWith("--", StringComparison.Ordinal))
        {
            int end = rest.IndexOf(' ');
            flags.Add(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? "" : rest[end..].TrimStart();
        }

        if (rest.Length == 0)
            throw new DockerfileException($"dockerfile parse error line {line}: {keyword} requires at least one argument");
        return new DockerfileInstruction(line, keyword, rest, text, flags);
    }
}
