using System.Text;
using CsCheck;
using StorageLab.Model.Maps;
using StorageLab.Reports.BlockMaps;
using Xunit;

namespace StorageLab.Reports.Tests.BlockMaps;

public sealed class BlockMapTests
{
    private const int CellBytes = 16;
    private const int CellCount = 12;

    private static readonly string[] Owners = ["other", "a", "b"];

    /// <summary>Maps of a small device, made of runs and gaps of any length.</summary>
    private static readonly Gen<DiskMap> Maps = Gen.Select(Gen.Int[0, 20], Gen.Int[1, 40], Gen.Int[1, 4], Gen.Int[0, 2]).Array[0, 12].Select(pieces =>
    {
        List<DiskRun> runs = [];
        long at = 0;
        foreach ((int gap, int length, int use, int owner) in pieces)
        {
            long end = Math.Min(at + gap + length, CellBytes * CellCount);
            if (at + gap < end)
                runs.Add(new DiskRun(at + gap, end - at - gap, (BlockUse)use, owner));
            at = end;
        }

        return new DiskMap("device", CellBytes * CellCount, CellBytes, [.. runs], Owners);
    });

    [Fact]
    public void A_cell_takes_after_the_longest_run_in_it() => Maps.Sample(map =>
    {
        (BlockUse, int)[] cells = Cells([.. MapCells.Of(map)]);
        for (var cell = 0; cell < CellCount; cell++)
        {
            long start = cell * CellBytes, end = start + CellBytes;
            var within = map.Runs.Select(run => (run.Use, run.Owner, Bytes: Math.Min(run.EndBytes, end) - Math.Max(run.StartBytes, start))).Where(run => run.Bytes > 0).ToArray();
            if (within.Length == 0)
                Assert.Equal((BlockUse.Free, 0), cells[cell]);
            else
                Assert.Contains(within.Where(run => run.Bytes == within.Max(other => other.Bytes)), run => cells[cell] == (run.Use, run.Owner));
        }
    });

    [Fact]
    public void The_changes_of_all_frames_give_back_every_map() => Maps.Array[1, 6].Sample(maps =>
    {
        BlockMapRecorder recorder = new(maps.Length);
        for (var step = 0; step < maps.Length; step++)
            recorder.Add(step, maps[step]);
        MemoryStream file = new();
        BlockMapFile.Write([recorder.ToBlockMap("variant")!], file);
        file.Position = 0;
        BlockMap read = Assert.Single(BlockMapFile.Read(file, "block-map.json"));
        Assert.Equal(maps.Length, read.Frames.Count);
        var cells = new (BlockUse Use, int Owner)[CellCount];
        for (var step = 0; step < maps.Length; step++)
        {
            long at = 0;
            IReadOnlyList<long> changes = read.Frames[step].Changes;
            for (var index = 0; index < changes.Count; index += 4)
            {
                at += changes[index];
                Array.Fill(cells, ((BlockUse)changes[index + 2], (int)changes[index + 3]), (int)at, (int)changes[index + 1]);
                at += changes[index + 1];
            }

            Assert.Equal(Cells([.. MapCells.Of(maps[step])]), cells);
        }
    });

    [Theory]
    [InlineData("[{\"variant\":\"v\",", "block-map.json:1:")]
    [InlineData("{}", "block-map.json:1:")]
    [InlineData("""[{"variant":"v","title":"t","total_bytes":64,"cell_bytes":0,"owners":[],"frames":[]}]""", "v: sizes of cell and device must be positive")]
    [InlineData("""[{"variant":"v","title":"t","total_bytes":64,"cell_bytes":16,"owners":["a"],"frames":[{"step":3,"changes":[0,5,1,0]}]}]""", "v, step 3, change 1 is not within the device")]
    [InlineData("""[{"variant":"v","title":"t","total_bytes":64,"cell_bytes":16,"owners":["a"],"frames":[{"step":3,"changes":[0,1,9,0]}]}]""", "step 3, change 1")]
    [InlineData("""[{"variant":"v","title":"t","total_bytes":64,"cell_bytes":16,"owners":["a"],"frames":[{"step":3,"changes":[0,1,1]}]}]""", "step 3, change 1")]
    public void A_damaged_file_is_refused_with_its_place(string text, string expected)
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => BlockMapFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "block-map.json"));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_run_keeps_as_many_maps_as_somebody_steps_through_and_the_last_one()
    {
        BlockMapRecorder recorder = new(100_000);
        int[] wanted = [.. Enumerable.Range(0, 100_001).Where(recorder.Wants)];
        Assert.InRange(wanted.Length, 100, 122);
        Assert.Equal(0, wanted[0]);
        Assert.Equal(100_000, wanted[^1]);
    }

    private static (BlockUse Use, int Owner)[] Cells(IReadOnlyList<MapPiece> pieces)
    {
        var cells = new (BlockUse, int)[CellCount];
        foreach (MapPiece piece in pieces)
            Array.Fill(cells, (piece.Use, piece.Owner), (int)piece.Start, (int)piece.Count);
        return cells;
    }
}
