using System.Collections.Immutable;
using System.Text;

namespace StorageLab.Advice.Configuration;

/// <summary>Flags of dockerd that a file of shell assignments gives it.</summary>
/// <param name="Flags">In order; a flag without a value has the value <c>true</c>.</param>
/// <remarks>/etc/default/docker (DOCKER_OPTS), /etc/sysconfig/docker (OPTIONS, earlier other_args), /etc/sysconfig/docker-storage
/// (DOCKER_STORAGE_OPTIONS), /etc/sysconfig/docker-network (DOCKER_NETWORK_OPTIONS).</remarks>
internal sealed record FlagFile(ImmutableArray<FlagFile.Flag> Flags, ImmutableArray<(int Line, int Column, string Message)> Problems)
{
    private static readonly string[] Variables = ["DOCKER_OPTS", "OPTIONS", "other_args", "DOCKER_STORAGE_OPTIONS", "DOCKER_NETWORK_OPTIONS"];

    private static readonly Dictionary<string, string> Short = new(StringComparer.Ordinal)
    {
        ["-s"] = "storage-driver", ["-g"] = "graph", ["-H"] = "host", ["-D"] = "debug", ["-l"] = "log-level", ["-p"] = "pidfile", ["-G"] = "group", ["-b"] = "bridge",
    };

    private static readonly string[] Truths = [.. DaemonKey.All.Values.Where(key => key.Kind == System.Text.Json.JsonValueKind.True).Select(key => key.Flag)];

    /// <summary>One flag with its place.</summary>
    internal sealed record Flag(string Name, string Value, int Line, int Column);

    public static FlagFile Parse(string text)
    {
        ImmutableArray<Flag>.Builder flags = ImmutableArray.CreateBuilder<Flag>();
        ImmutableArray<(int, int, string)>.Builder problems = ImmutableArray.CreateBuilder<(int, int, string)>();
        string[] lines = text.Split('\n');
        for (var index = 0; index < lines.Length; index++)
        {
            string line = lines[index].TrimEnd('\r');
            string bare = line.TrimStart();
            if (bare.Length == 0 || bare[0] == '#')
                continue;
            if (bare.StartsWith("export ", StringComparison.Ordinal))
                bare = bare["export ".Length..];
            int equals = bare.IndexOf('=');
            if (equals < 0 || !Variables.Contains(bare[..equals]))
                continue;
            ReadValue(bare[(equals + 1)..], index + 1, line.Length - bare.Length + equals + 2, flags, problems);
        }

        return new FlagFile(flags.ToImmutable(), problems.ToImmutable());
    }

    private static void ReadValue(string value, int line, int column, ImmutableArray<Flag>.Builder flags, ImmutableArray<(int, int, string)>.Builder problems)
    {
        string inner = value.Trim();
        if (inner.Length > 0 && inner[0] is '"' or '\'')
        {
            int end = inner.IndexOf(inner[0], 1);
            if (end < 0)
            {
                problems.Add((line, column, $"the quote {inner[0]} is not closed on this line"));
                return;
            }

            inner = inner[1..end];
            column++;
        }

        List<(string Word, int Column)> words = Words(inner, column);
        for (var index = 0; index < words.Count; index++)
        {
            (string word, int at) = words[index];
            string name = Short.GetValueOrDefault(word.Split('=')[0], word.Split('=')[0].TrimStart('-'));
            if (!word.StartsWith('-'))
                problems.Add((line, at, $"'{word}' is no flag; flags begin with --"));
            else if (word.Contains('='))
                flags.Add(new Flag(name, word[(word.IndexOf('=') + 1)..], line, at));
            else if (Truths.Contains(name) || index + 1 == words.Count || words[index + 1].Word.StartsWith('-'))
                flags.Add(new Flag(name, "true", line, at));
            else
                flags.Add(new Flag(name, words[++index].Word, line, at));
        }
    }

    private static List<(string Word, int Column)> Words(string text, int column)
    {
        List<(string, int)> words = [];
        StringBuilder word = new();
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && !char.IsWhiteSpace(text[at]))
            {
                word.Append(text[at]);
                continue;
            }

            if (word.Length > 0)
                words.Add((word.ToString(), column + at - word.Length));
            word.Clear();
        }

        return words;
    }
}
