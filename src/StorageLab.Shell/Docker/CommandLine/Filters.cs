using StorageLab.Model.Images;

namespace StorageLab.Shell.Docker.CommandLine;

/// <summary>The <c>--filter name=value</c> flags of a command, as the daemon reads them.</summary>
/// <remarks>Source: opts/opts.go of docker/cli v20.10 and api/types/filters/parse.go of moby v20.10.24.</remarks>
internal sealed class Filters
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    public Filters(IEnumerable<string> flags)
    {
        foreach (string flag in flags)
        {
            int equals = flag.IndexOf('=');
            Add(flag[..equals].Trim().ToLowerInvariant(), flag[(equals + 1)..].Trim());
        }
    }

    public void Add(string name, string value)
    {
        if (!_values.TryGetValue(name, out List<string>? values))
            _values.Add(name, values = []);
        if (!values.Contains(value))
            values.Add(value);
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public IReadOnlyList<string> Of(string name) => _values.TryGetValue(name, out List<string>? values) ? values : [];

    /// <exception cref="CommandException">A name the command does not know.</exception>
    public void Allow(params string[] names)
    {
        foreach (string name in _values.Keys)
        {
            if (!names.Contains(name))
                throw Invalid($"Invalid filter '{name}'");
        }
    }

    /// <summary>A truth value; null where the filter is not given. Of several values that contradict each other the first kind given here wins.</summary>
    /// <param name="trueWords">Values that mean yes.</param>
    /// <param name="falseWords">Values that mean no.</param>
    /// <exception cref="CommandException">Another value.</exception>
    public bool? Boolean(string name, string[] trueWords, string[] falseWords)
    {
        if (!Has(name))
            return null;
        IReadOnlyList<string> values = Of(name);
        if (values.Any(trueWords.Contains))
            return true;
        return values.Any(falseWords.Contains) ? false : throw Invalid($"Invalid filter '{name}=[{string.Join(' ', values)}]'");
    }

    /// <summary>Whether all <c>key</c> and <c>key=value</c> of a filter are among the labels (MatchKVList).</summary>
    public bool MatchesLabels(string name, IReadOnlyDictionary<string, string>? labels) => Of(name).All(wanted =>
    {
        int equals = wanted.IndexOf('=');
        string key = equals < 0 ? wanted : wanted[..equals];
        return labels is not null && labels.TryGetValue(key, out string? value) && (equals < 0 || value == wanted[(equals + 1)..]);
    });

    /// <summary>Whether the labels pass <c>label</c> and, where it is given, do not have all of <c>label!</c> (image_prune.go, matchLabels).</summary>
    public bool PassesLabels(IReadOnlyDictionary<string, string>? labels) =>
        MatchesLabels("label", labels) && !(Has("label!") && MatchesLabels("label!", labels));

    private static CommandException Invalid(string message) => new(DockerOutcome.Refused(message).Error);
}
