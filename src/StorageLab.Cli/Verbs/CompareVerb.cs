using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using StorageLab.Reports;
using StorageLab.Reports.Comparison;
using StorageLab.Reports.Plots;
using StorageLab.Scenarios;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab compare</c>: lays two runs side by side.</summary>
internal static class CompareVerb
{
    public static Command Build()
    {
        Argument<string> first = new("A") { Description = "A folder that a run left, or a samples.csv; :VARIANT behind it names one of its variants." };
        Argument<string> second = new("B") { Description = "The other one." };
        Option<string?> folder = new("--out") { Description = "Folder for compare.csv and the plots (default: nothing is written).", HelpName = "DIR" };
        Option<bool> json = new("--json") { Description = "Print the comparison as JSON." };
        Command command = new("compare", "Lay two runs side by side: model and real, two drivers, two hosts; table, CSV and plots.") { first, second, folder, json };
        command.SetAction(parsed =>
        {
            (string leftPath, ComparedRun[] lefts) = Read(parsed.GetRequiredValue(first));
            (string rightPath, ComparedRun[] rights) = Read(parsed.GetRequiredValue(second));
            (ComparedRun left, ComparedRun right) = Pair(leftPath, lefts, rightPath, rights);
            RunComparison comparison = RunComparison.Of(left, right);
            if (comparison.StepCount == 1 && comparison.Parting is not null)
                throw new InputException(rightPath, $"is no run of the same scenario as {leftPath}: {comparison.Parting}");
            (string leftName, string rightName) = NamesOf(leftPath, left, rightPath, right);
            if (parsed.GetValue(folder) is { } outFolder && !TryWrite(outFolder, comparison, leftName, rightName))
                return ExitCode.BadInput;
            if (parsed.GetValue(json))
                PrintJson(comparison, leftName, rightName);
            else
                PrintTable(comparison, leftName, rightName);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The run that an argument names, and which of its variants are meant.</summary>
    private static (string Path, ComparedRun[] Runs) Read(string argument)
    {
        int colon = argument.LastIndexOf(':');
        bool isWhole = colon < 0 || File.Exists(argument) || Directory.Exists(argument);
        string path = isWhole ? argument : argument[..colon];
        string file = Directory.Exists(path) ? Path.Combine(path, "samples.csv") : path;
        ImmutableArray<ComparedRun> runs;
        try
        {
            runs = ComparedRun.Read(file);
        }
        catch (InvalidDataException e)
        {
            throw new InputException(path, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException(argument, $"holds no run: {e.Message.ReplaceLineEndings(" ")}; name a folder that `storagelab run` left, or its samples.csv");
        }

        if (isWhole)
            return (path, [.. runs]);
        string variant = argument[(colon + 1)..];
        return runs.FirstOrDefault(run => run.Variant == variant) is { } found
            ? (path, [found])
            : throw new InputException(argument, $"there is no variant '{variant}' in it; it has {string.Join(", ", runs.Select(run => run.Variant))}");
    }

    private static (ComparedRun Left, ComparedRun Right) Pair(string leftPath, ComparedRun[] lefts, string rightPath, ComparedRun[] rights)
    {
        if (lefts.Length == 1 && rights.Length == 1)
            return (lefts[0], rights[0]);
        (ComparedRun Left, ComparedRun Right)[] pairs = [.. lefts.Join(rights, left => left.Variant, right => right.Variant, (left, right) => (left, right))];
        return pairs.Length == 1
            ? pairs[0]
            : throw new InputException(
                lefts.Length > 1 ? leftPath : rightPath,
                $"has several variants; name one, as in {(lefts.Length > 1 ? leftPath : rightPath)}:{(lefts.Length > 1 ? lefts : rights)[0].Variant} (there are {string.Join(", ", (lefts.Length > 1 ? lefts : rights).Select(run => run.Variant))})");
    }

    /// <summary>What tells the two apart: the variants, the engines, or the folders.</summary>
    private static (string Left, string Right) NamesOf(string leftPath, ComparedRun left, string rightPath, ComparedRun right)
    {
        if (left.Variant != right.Variant)
            return (left.Variant, right.Variant);
        return left.Engine != right.Engine
            ? ($"{left.Variant} ({left.Engine})", $"{right.Variant} ({right.Engine})")
            : ($"{left.Variant} in {leftPath}", $"{right.Variant} in {rightPath}");
    }

    private static bool TryWrite(string folder, RunComparison comparison, string leftName, string rightName)
    {
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.Write(Path.Combine(folder, "compare.csv"), stream => ComparisonCsv.Write(comparison, stream));
            if (PlotFonts.Family is null)
                Terminal.Complain(PlotFonts.MissingMessage);
            else
                ComparisonPlot.Write(folder, comparison, leftName, rightName);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Terminal.Complain($"--out {folder}: cannot be written: {e.Message.ReplaceLineEndings(" ")}");
            return false;
        }
    }

    private static void PrintTable(RunComparison comparison, string leftName, string rightName)
    {
        Console.Out.WriteLine($"A  {Terminal.Shown(leftName)}");
        Console.Out.WriteLine($"B  {Terminal.Shown(rightName)}");
        Console.Out.WriteLine($"{comparison.StepCount - 1} steps compared{(comparison.Parting is { } parting ? "; " + Terminal.Shown(parting) : "")}");
        Console.Out.WriteLine();
        Console.Out.WriteLine($"{"",-28}{"A",14}{"B",14}{"B to A",10}{"peak A",14}{"peak B",14}{"median",10}{"worst",10}  step");
        foreach (MetricDifference difference in comparison.Differences)
        {
            string share = difference.Share is { } known ? (known < 0 ? "-" : known > 0 ? "+" : "") + RunComparison.Percent(known) : "∞";
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Label(difference.Metric),-28}{Text(difference.Metric, difference.Left),14}{Text(difference.Metric, difference.Right),14}{share,10}{Text(difference.Metric, difference.LeftPeak),14}{Text(difference.Metric, difference.RightPeak),14}{RunComparison.Percent(difference.MedianShare),10}{RunComparison.Percent(difference.WorstShare),10}{difference.WorstStep,6}"));
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine(Terminal.Shown(comparison.Finding(leftName, rightName)) + ".");
    }

    private static string Label(ComparedMetric metric) => metric.IsFlow ? $"sum of {metric.Name}" : metric.Name;

    private static string Text(ComparedMetric metric, long value) => metric.Name.EndsWith("_bytes", StringComparison.Ordinal)
        ? IecBytes.Format(value)
        : metric.Name.EndsWith("_ns", StringComparison.Ordinal) ? Findings.Seconds(value) : value.ToString("#,0", CultureInfo.InvariantCulture);

    private static void PrintJson(RunComparison comparison, string leftName, string rightName) => JsonOutput.Print(json =>
    {
        json.WriteStartObject();
        json.WriteString("a", leftName);
        json.WriteString("b", rightName);
        json.WriteNumber("steps", comparison.StepCount - 1);
        json.WriteString("parting", comparison.Parting);
        json.WriteStartArray("metrics");
        foreach (MetricDifference difference in comparison.Differences)
        {
            json.WriteStartObject();
            json.WriteString("metric", difference.Metric.Name);
            json.WriteNumber(difference.Metric.IsFlow ? "a_sum" : "a_final", difference.Left);
            json.WriteNumber(difference.Metric.IsFlow ? "b_sum" : "b_final", difference.Right);
            json.WriteNumber("a_peak", difference.LeftPeak);
            json.WriteNumber("b_peak", difference.RightPeak);
            json.WriteNumber("median_share", double.IsInfinity(difference.MedianShare) ? -1 : Math.Round(difference.MedianShare, 6));
            json.WriteNumber("worst_share", double.IsInfinity(difference.WorstShare) ? -1 : Math.Round(difference.WorstShare, 6));
            json.WriteNumber("worst_step", difference.WorstStep);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
