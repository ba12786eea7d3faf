using System.Diagnostics;

namespace StorageLab.Host.Docker;

/// <summary>Runs a program of the host and takes what it prints.</summary>
internal static class Command
{
    /// <summary>A program that does not end is ended, after this time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Where administrators' tools lie, which an ordinary user's PATH leaves out.</summary>
    private const string SystemFolders = ":/usr/local/sbin:/usr/sbin:/sbin";

    /// <param name="program">Its name or path.</param>
    /// <returns>Its exit code, 127 where there is no such program, and output and errors in one.</returns>
    public static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", "exec \"$@\" 2>&1", "sh", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") + SystemFolders;
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        return (process.ExitCode, output.Result.TrimEnd('\n'));
    }

    /// <summary>What a program prints; empty where it is not there or fails.</summary>
    public static string Output(string program, params string[] arguments) => Run(program, arguments) is (0, var output) ? output : "";
}
