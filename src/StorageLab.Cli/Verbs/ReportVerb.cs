using System.CommandLine;
using StorageLab.Reports;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab report</c>: makes the page of a run again from the tables it left.</summary>
internal static class ReportVerb
{
    public static Command Build()
    {
        Argument<string> folder = new("RUN_DIR") { Description = "The folder that a run left: samples.csv, and summary.json and block-map.json where there are." };
        Option<string?> output = new("--out", "-o") { Description = "The page; without it report.html in the run's folder.", HelpName = "FILE" };
        Command command = new("report", "Make a run's page for the browser: one HTML file with curves, a player of the block maps and a table.") { folder, output };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(folder);
            string page = parsed.GetValue(output) ?? Path.Combine(path, "report.html");
            StoredRun run;
            try
            {
                run = StoredRun.Read(path);
            }
            catch (InvalidDataException e)
            {
                Terminal.Complain(e.Message);
                return ExitCode.BadInput;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                Terminal.Complain($"{path}: holds no run: {e.Message.ReplaceLineEndings(" ")}; name a folder that `storagelab run` left");
                return ExitCode.BadInput;
            }

            try
            {
                run.WriteHtml(page);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                Terminal.Complain($"--out {page}: cannot be written: {e.Message.ReplaceLineEndings(" ")}");
                return ExitCode.BadInput;
            }

            Console.Out.WriteLine(page);
            return ExitCode.Ok;
        });
        return command;
    }
}
