using System.Collections.Immutable;
using System.Text.RegularExpressions;
using StorageLab.Model.Images;
using StorageLab.Model.Text;
using StorageLab.Scenarios.Recorded;
using StorageLab.Shell.Docker;
using StorageLab.Shell.Docker.Containers;

namespace StorageLab.Shell.Transcripts;

/// <summary>Compares recorded output with the model's, and passes over what no model can know.</summary>
/// <remarks>
/// Passed over are, and each only where it stands: ids that the daemon drew or that depend on file contents (the first pair that meets
/// is a pair for the rest of the run), names it drew, how long ago something of this run was, the order of a Go map (an image's repositories,
/// what prune and diff go through, runtimes, layers in transit), a manifest's length, and what the recording itself has blanked.
/// </remarks>
internal sealed partial class TranscriptComparison
{
    private const int ShortIdLength = 12;

    /// <summary>Labels of a container whose every order is looked for.</summary>
    private const int LabelCountMax = 32;
    private const double NearFraction = 0.01;
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromSeconds(2);

    private readonly DockerHost _host;
    private readonly RecordedImages _images;
    private readonly Dictionary<string, string> _modelByReal = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _realByModel = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _masks = new(StringComparer.Ordinal);

    /// <param name="images">Images whose ids are known and must be right.</param>
    /// <param name="host">The model, after the command.</param>
    public TranscriptComparison(RecordedImages images, DockerHost host) => (_images, _host) = (images, host);

    public CommandVerdict Compare(RecordedTranscript transcript, RecordedCommand command, string output, int exitCode)
    {
        _masks.Clear();
        if (_host.UnknownImages.Count > 0)
        {
            string missing = string.Join(", ", _host.UnknownImages.Select(image => ContentIds.Truncated(image.Id)).Distinct());
            return new CommandVerdict(transcript, command, [], [$"the configuration of {missing} is not in the recording"]);
        }

        List<string> real = [.. command.Output];
        List<string> model = [.. output.EndsWith('\n') ? output[..^1].Split('\n') : output.Length > 0 ? output.Split('\n') : []];
        if (!IsSame(real, model))
        {
            Normalize(real, model, command.Text);
            OrderListings(real, model);
        }

        List<string> differences = Differences(real, model);
        if (exitCode != command.ExitCode)
            differences.AddRange([$"- [exit {command.ExitCode}]", $"+ [exit {exitCode}]"]);
        return new CommandVerdict(transcript, command, [.. differences], [.. _masks]);
    }

    private static bool IsSame(List<string> real, List<string> model) => real.SequenceEqual(model);

    /// <summary>Lines that stay different; lines that are the same on both sides are left out.</summary>
    private List<string> Differences(List<string> real, List<string> model)
    {
        List<string> differences = [];
        for (var index = 0; index < Math.Max(real.Count, model.Count); index++)
        {
            string? realLine = index < real.Count ? real[index] : null;
            string? modelLine = index < model.Count ? model[index] : null;
            if (realLine is not null && modelLine is not null && Agree(realLine, modelLine))
                continue;
            if (realLine is not null)
                differences.Add("- " + realLine);
            if (modelLine is not null)
                differences.Add("+ " + modelLine);
        }

        return differences;
    }

    /// <summary>Whether two lines are the same once ids and blanked words are paired.</summary>
    private bool Agree(string real, string model)
    {
        if (real == model)
            return true;
        MatchCollection realIds = Id().Matches(real);
        MatchCollection modelIds = Id().Matches(model);
        if (realIds.Count == modelIds.Count && Id().Replace(real, "<id>") is var realRest && Id().Replace(model, "<id>") is var modelRest
            && (realRest == modelRest || FillsBlanks(realRest, modelRest)))
            return realIds.Zip(modelIds).All(pair => Pair(pair.First.Value, pair.Second.Value));
        return FillsBlanks(real, model);
    }

    /// <summary>Whether two ids mean the same thing: equal, or a pair since they first met.</summary>
    private bool Pair(string real, string model)
    {
        if (real == model)
            return true;
        if (real.Length != model.Length)
            return false;
        (string realKey, string modelKey) = (KeyOf(real), KeyOf(model));
        if (IsKnown(realKey) || IsKnown(modelKey))
            return false;
        bool isNew = !_modelByReal.ContainsKey(realKey) && !_realByModel.ContainsKey(modelKey);
        if (isNew)
        {
            _modelByReal.Add(realKey, modelKey);
            _realByModel.Add(modelKey, realKey);
        }

        bool agrees = _modelByReal.GetValueOrDefault(realKey) == modelKey;
        if (agrees)
            _masks.Add("ids that were drawn or depend on contents");
        return agrees;
    }

    /// <summary>A recorded line with the model's ids for those that were paired.</summary>
    private string Translate(string line) => Id().Replace(line, match =>
        _modelByReal.TryGetValue(KeyOf(match.Value), out string? model) ? model + match.Value[KeyOf(match.Value).Length..] : match.Value);

    private static string KeyOf(string id) => id[..ShortIdLength];

    /// <summary>Whether an id is an image's or a layer's of the recording, which the model must have right.</summary>
    private bool IsKnown(string key)
    {
        foreach (ImageDefinition image in _images.Found)
        {
            if (ContentIds.Truncated(image.ImageId) == key)
                return true;
            string? chainId = null;
            foreach (ImageLayer layer in image.Layers)
            {
                chainId = ContentIds.ChainId(chainId, layer.DiffId);
                if (ContentIds.Truncated(layer.DiffId) == key || ContentIds.Truncated(chainId) == key)
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether a recorded line with words in angle brackets, blanked when it was recorded, fits the model's.</summary>
    private bool FillsBlanks(string real, string model)
    {
        if (!Blank().IsMatch(real))
            return false;
        string pattern = "^" + string.Concat(Blank().Split(real).Select(Regex.Escape).Select((part, index) => index == 0 ? part : @"\S+?" + part)) + "$";
        bool fits = Regex.IsMatch(model, pattern, RegexOptions.CultureInvariant, PatternTimeout);
        if (fits)
            _masks.Add("words that the recording has blanked");
        return fits;
    }

    private void Normalize(List<string> real, List<string> model, string command)
    {
        bool hadAges = Replace(real, model, Age(), "<age>", "how long ago things of this run were");
        hadAges |= ReplaceNames(real, model);
        Replace(real, model, LogTime(), "time=\"<time>\"", "times");
        ReplaceDates(real, model);
        Replace(real, model, ManifestLength(), "size: <length>", "lengths of manifests, which depend on compressed layers");
        Replace(real, model, DeferredCount(), "Deferred Deleted Device Count: <count>", "how many devices wait for their deletion, which is a race");
        if (hadAges)
        {
            // A column is as wide as its widest age.
            SqueezeBlanks(real);
            SqueezeBlanks(model);
        }

        PassNearSpace(real, model);
        DropRaces(real, model);
        Replace(real, model, ImportFolder(), "docker-import-<number>", "random numbers in names of temporary folders");
        OrderLabels(real, model);
        SortWords(real, model);
        SortParts(real, model, line => line.StartsWith("Loaded image", StringComparison.Ordinal), "the order of an archive's images");
        SortVolumes(real, model);
        if (command.Contains("prune", StringComparison.Ordinal))
            SortParts(real, model, line => Deleted().IsMatch(line), "the order in which prune goes through a map");
        if (command.Contains("docker diff", StringComparison.Ordinal) || command.Contains("container diff", StringComparison.Ordinal))
            SortParts(real, model, line => Change().IsMatch(line), "the order of a directory's changes");
        GroupProgress(real, model);
    }

    private bool Replace(List<string> real, List<string> model, Regex pattern, string replacement, string mask)
    {
        bool Apply(List<string> lines)
        {
            var changed = false;
            for (var index = 0; index < lines.Count; index++)
            {
                string replaced = pattern.Replace(lines[index], replacement);
                changed |= replaced != lines[index];
                lines[index] = replaced;
            }

            return changed;
        }

        bool any = Apply(real) | Apply(model);
        if (any)
            _masks.Add(mask);
        return any;
    }

    /// <summary>Dates since the run began.</summary>
    private void ReplaceDates(List<string> real, List<string> model)
    {
        string today = _host.Lab.Variant.Host.StartedAt.Format("yyyy-MM-dd");
        string Mask(Match match) => string.CompareOrdinal(match.Value, today) >= 0 ? "<date>" : match.Value;
        foreach (List<string> lines in (List<string>[])[real, model])
        {
            for (var index = 0; index < lines.Count; index++)
            {
                string replaced = Date().Replace(lines[index], Mask);
                if (replaced != lines[index])
                    _masks.Add("times");
                lines[index] = replaced;
            }
        }
    }

    /// <summary>Names the daemon drew: the model's own are known.</summary>
    private bool ReplaceNames(List<string> real, List<string> model)
    {
        if (!model.Any(line => DrawnName().Matches(line).Any(match => ContainerNames.IsDrawn(match.Value))))
            return false;
        return Replace(real, model, DrawnName(), "<name>", "names that were drawn");
    }

    private static void SqueezeBlanks(List<string> lines)
    {
        for (var index = 0; index < lines.Count; index++)
            lines[index] = Blanks().Replace(lines[index], "   ").TrimEnd();
    }

    /// <summary>Space in use on a thin pool is a measure, whose agreement the run's metrics judge: here it only has to be near.</summary>
    private void PassNearSpace(List<string> real, List<string> model)
    {
        for (var index = 0; index < Math.Min(real.Count, model.Count); index++)
        {
            Match realSpace = PoolSpace().Match(real[index]);
            Match modelSpace = PoolSpace().Match(model[index]);
            if (!realSpace.Success || !modelSpace.Success || real[index] == model[index] || realSpace.Groups[1].Value != modelSpace.Groups[1].Value
                || !DockerSize.TryParse(realSpace.Groups[2].Value, out long realBytes) || !DockerSize.TryParse(modelSpace.Groups[2].Value, out long modelBytes)
                || Math.Abs(realBytes - modelBytes) > realBytes * NearFraction)
                continue;
            model[index] = real[index];
            _masks.Add("sizes of a thin pool that are within 1 %");
        }
    }

    /// <summary>The client says so only where its wait for the container was under way when the start failed.</summary>
    private void DropRaces(List<string> real, List<string> model)
    {
        static bool IsRace(string line) => line.EndsWith(" level=error msg=\"error waiting for container: context canceled\"", StringComparison.Ordinal);
        if (real.RemoveAll(IsRace) + model.RemoveAll(IsRace) > 0)
            _masks.Add("whether the client was waiting already for a container that could not start");
    }

    /// <summary>A container's labels are a Go map, written one after the other.</summary>
    private void OrderLabels(List<string> real, List<string> model)
    {
        foreach (Container container in _host.Engine.Containers.All)
        {
            string[] labels = container.Configuration.Labels is { } given ? [.. given.Select(label => $"{label.Key}={label.Value}")] : [];
            if (labels.Length is < 2 or > LabelCountMax)
                continue;
            string inOrder = string.Join(',', labels);
            string anyOrder = string.Join(',', Enumerable.Repeat($"({string.Join('|', labels.Select(Regex.Escape))})", labels.Length));
            Replace(real, model, new Regex(anyOrder, RegexOptions.CultureInvariant, PatternTimeout), inOrder.Replace("$", "$$", StringComparison.Ordinal), "the order of labels");
        }
    }

    /// <summary>Volumes in the long form of system df come in any order.</summary>
    private void SortVolumes(List<string> real, List<string> model)
    {
        int first = model.FindIndex(line => line.StartsWith("VOLUME NAME", StringComparison.Ordinal)) + 1;
        int end = first == 0 ? -1 : model.FindIndex(first, line => line.Length == 0);
        if (end - first < 2 || real.Count < end)
            return;
        foreach (List<string> lines in (List<string>[])[real, model])
            lines.Sort(first, end - first, StringComparer.Ordinal);
        _masks.Add("the order of volumes");
    }

    private void SortWords(List<string> real, List<string> model)
    {
        const string Label = " Runtimes: ";
        foreach (List<string> lines in (List<string>[])[real, model])
        {
            int index = lines.FindIndex(line => line.StartsWith(Label, StringComparison.Ordinal));
            if (index < 0)
                continue;
            lines[index] = Label + string.Join(' ', lines[index][Label.Length..].Split(' ').Order(StringComparer.Ordinal));
            _masks.Add("the order of runtimes");
        }
    }

    /// <summary>Sorts adjacent lines of a kind; ids that are not known to the model count by their place.</summary>
    private void SortParts(List<string> real, List<string> model, Predicate<string> isOfKind, string mask)
    {
        if (!real.Exists(isOfKind) || real.Select(Translate).SequenceEqual(model))
            return;
        foreach (List<string> lines in (List<string>[])[real, model])
        {
            for (var start = 0; start < lines.Count; start++)
            {
                int end = start;
                while (end < lines.Count && isOfKind(lines[end]))
                    end++;
                if (end - start > 1)
                    lines.Sort(start, end - start, Comparer<string>.Create((left, right) => string.CompareOrdinal(Translate(left), Translate(right))));
                start = Math.Max(start, end);
            }
        }

        _masks.Add(mask);
    }

    /// <summary>Layers in transit: what happens to each is in order, and which of them is first at it is chance.</summary>
    private void GroupProgress(List<string> real, List<string> model)
    {
        foreach (List<string> lines in (List<string>[])[real, model])
        {
            int first = lines.FindIndex(line => Progress().IsMatch(line));
            if (first < 0)
                return;
            int end = lines.FindIndex(first, line => !Progress().IsMatch(line));
            end = end < 0 ? lines.Count : end;
            string[] grouped =
            [
                .. lines.GetRange(first, end - first).Where(line => !line.EndsWith(": Waiting", StringComparison.Ordinal))
                    .GroupBy(line => line[..ShortIdLength]).SelectMany(group => group),
            ];
            lines.RemoveRange(first, end - first);
            lines.InsertRange(first, grouped);
            _masks.Add("the order of layers in transit");
        }
    }

    /// <summary>Lines of one image in a list may come in any order of its repositories.</summary>
    private void OrderListings(List<string> real, List<string> model)
    {
        IReadOnlyList<string> ids = _host.ListedImageIds;
        if (ids.Count != model.Count || real.Count != model.Count)
            return;
        for (var start = 0; start < ids.Count;)
        {
            int end = start + 1;
            while (end < ids.Count && ids[end] == ids[start])
                end++;
            if (ids[start].Length > 0 && end - start > 1 && !real.GetRange(start, end - start).SequenceEqual(model.GetRange(start, end - start)))
            {
                real.Sort(start, end - start, StringComparer.Ordinal);
                model.Sort(start, end - start, StringComparer.Ordinal);
                _masks.Add("the order of one image's repositories");
            }

            start = end;
        }
    }

    [GeneratedRegex(@"(?<![0-9a-z])([0-9a-f]{64}|[0-9a-f]{12}|[0-9a-f]{14}(?=…))(?![0-9a-z])")]
    private static partial Regex Id();

    [GeneratedRegex(@"<(?!none>|missing>|id>|age>|name>|date>|time>|no )[a-z][a-z-]*>")]
    private static partial Regex Blank();

    [GeneratedRegex(@"Less than a second|About a minute|About an hour|\b\d+ (seconds?|minutes?|hours?)\b")]
    private static partial Regex Age();

    [GeneratedRegex("time=\"[^\"]*\"")]
    private static partial Regex LogTime();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| \+0000 UTC)")]
    private static partial Regex Date();

    [GeneratedRegex(@"(?<=digest: sha256:[0-9a-f]{64} )size: \d+")]
    private static partial Regex ManifestLength();

    [GeneratedRegex(@"Deferred Deleted Device Count: \d+")]
    private static partial Regex DeferredCount();

    [GeneratedRegex(@"^ +((?:Data|Metadata) Space (?:Used|Available)): (\S+)$")]
    private static partial Regex PoolSpace();

    [GeneratedRegex(@"docker-import-\d+")]
    private static partial Regex ImportFolder();

    [GeneratedRegex(@"\b[a-z]+_[a-z]+\d?\b")]
    private static partial Regex DrawnName();

    [GeneratedRegex(@" {2,}")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^(un)?(deleted|tagged): ")]
    private static partial Regex Deleted();

    [GeneratedRegex(@"^[ACD] /")]
    private static partial Regex Change();

    [GeneratedRegex(@"^[0-9a-f]{12}: [A-Z][a-z]")]
    private static partial Regex Progress();
}
