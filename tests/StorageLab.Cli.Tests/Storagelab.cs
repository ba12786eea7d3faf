using System.Diagnostics;

namespace StorageLab.Cli.Tests;

/// <summary>Runs the built command as a user would, in a folder of its own.</summary>
internal sealed class Storagelab : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Folder { get; } = Directory.CreateTempSubdirectory("storagelab-cli-").FullName;

    /// <summary>Path of a file in the folder, written with the given text.</summary>
    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public Result Run(params string[] arguments) => Finish(Start(arguments));

    /// <summary>Runs what a user would type into a shell after the command's name, e.g. <c>list | head -1</c>.</summary>
    public Result RunShell(string command)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", $"dotnet '{Repository.Program}' {command}"])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Finish(Process.Start(start)!);
    }

    /// <summary>Runs it with lines on its input.</summary>
    public Result RunWithInput(string input, params string[] arguments)
    {
        Process process = Start(arguments);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return Finish(process);
    }

    /// <summary>Starts it without waiting; <see cref="Finish(Process)"/> waits.</summary>
    public Process Start(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet")
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Repository.Program);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    public static Result Finish(Process process) => Finish(process, Patience);

    /// <param name="patience">How long a run may take that does more than the model.</param>
    public static Result Finish(Process process, TimeSpan patience)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(patience))
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException("storagelab did not end");
            }
            return new Result(process.ExitCode, output.Result, error.Result);
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public sealed record Result(int ExitCode, string Output, string Error)
    {
        public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
