using System.IO.Compression;
using CsCheck;
using StorageLab.Cli.Validation;
using StorageLab.Scenarios;
using StorageLab.Scenarios.Recorded;
using Xunit;

namespace StorageLab.Cli.Tests;

/// <summary>A recorded run damaged in any way is either still a run, or said to be wrong by file and line; it never crashes or hangs.</summary>
public sealed class HostileRecordingTests : IDisposable
{
    private const string RunName = "S0-loop-lvm";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Recordings = Path.Combine(Repository.Root, "recordings");

    private static readonly string[] Files =
        ["runs/S0-loop-lvm/run.json", "runs/S0-loop-lvm/scenario.json", "runs/S0-loop-lvm/trajectory.csv", "runs/S0-loop-lvm/thin_dump_final.xml.gz",
            "images/images.json", "images/base-a-1.layers.csv.gz"];

    private readonly string _folder = Directory.CreateTempSubdirectory("storagelab-hostile-").FullName;

    public HostileRecordingTests()
    {
        foreach (string file in Files)
        {
            string copy = Path.Combine(_folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Recordings, file), copy);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Damage_anywhere_is_said_or_does_no_harm() =>
        Gen.Select(Gen.Int[0, Files.Length - 1].Select(index => Files[index]), Damage.Any, Gen.Bool)
            .Sample((file, damage, isInside) => Assert.Null(ProblemWith(file, damage, isInside)), iter: 150, threads: 1);

    [Theory]
    [InlineData("run.json")]
    [InlineData("scenario.json")]
    [InlineData("trajectory.csv")]
    [InlineData("../../images/images.json")]
    [InlineData("../../images/base-a-1.layers.csv.gz")]
    public void A_missing_file_is_named(string file)
    {
        string path = Path.GetFullPath(Path.Combine(_folder, "runs", RunName, file));
        File.Delete(path);
        InputProblem problem = Assert.Single(Assert.Throws<InputException>(Validate).Problems);
        Assert.Equal(path, Path.GetFullPath(problem.File));
    }

    [Theory]
    [InlineData("pool_data_used_blocks", "pool_data_blocks", 1, "unknown measure 'pool_data_blocks'; did you mean pool_data_used_blocks?")]
    [InlineData(",images,", ",layers,", 1, "column 'layers' is there twice")]
    [InlineData("layers,images", "layers,imagse", 1, "unknown measure 'imagse'; did you mean images?")]
    [InlineData("\n2,", "\n3,", 4, "step is '3'; the rows follow each other and this one is step 2")]
    [InlineData("\n1,load", "\n1,rmi", 3, "step 1 is 'rmi'; in scenario.json it is 'load', so one of them is of another run")]
    [InlineData("1043,1638400", "1043.5,1638400", 2, "pool_data_used_blocks is '1043.5'; it is a whole number from 0 up")]
    public void A_wrong_cell_of_the_trajectory_is_said_by_line_and_column(string old, string replacement, int line, string message)
    {
        string path = Path.Combine(_folder, "runs", RunName, "trajectory.csv");
        string text = File.ReadAllText(path);
        int at = text.IndexOf(old, StringComparison.Ordinal);
        File.WriteAllText(path, text[..at] + replacement + text[(at + old.Length)..]);
        InputProblem problem = Assert.Single(Assert.Throws<InputException>(Validate).Problems);
        Assert.Equal((path, line, message), (problem.File, problem.Line, problem.Message));
        Assert.True(problem.Column >= 1);
    }

    private void Validate()
    {
        RecordedRun run = RecordedRunReader.Read(Path.Combine(_folder, "runs", RunName));
        _ = RunValidation.Of(run, () => { });
    }

    private string? ProblemWith(string file, Damage damage, bool isInside)
    {
        string path = Path.Combine(_folder, file);
        byte[] original = File.ReadAllBytes(path);
        bool isPacked = isInside && file.EndsWith(".gz", StringComparison.Ordinal);
        byte[] damaged = damage.Do(isPacked ? Unpack(original) : original);
        File.WriteAllBytes(path, isPacked ? Pack(damaged) : damaged);
        try
        {
            Task work = Task.Run(Validate, TestContext.Current.CancellationToken);
            return work.Wait(Patience, TestContext.Current.CancellationToken) ? null : $"{file} hangs";
        }
        catch (AggregateException e) when (e.InnerException is InputException input)
        {
            InputProblem problem = input.Problems[0];
            bool isSaid = problem.File.StartsWith(_folder, StringComparison.Ordinal) && problem.Message.Length > 0 && !problem.ToString().Any(char.IsControl);
            return isSaid ? null : $"{file}: badly said: {problem}";
        }
        catch (AggregateException e)
        {
            return $"{file}: {e.InnerException}";
        }
        finally
        {
            File.WriteAllBytes(path, original);
        }
    }

    private static byte[] Unpack(byte[] bytes)
    {
        using GZipStream gzip = new(new MemoryStream(bytes), CompressionMode.Decompress);
        using MemoryStream unpacked = new();
        gzip.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    private static byte[] Pack(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
