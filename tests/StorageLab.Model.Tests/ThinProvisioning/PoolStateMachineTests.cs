using CsCheck;
using StorageLab.Model.Blocks;
using StorageLab.Model.Drivers;
using StorageLab.Model.ThinProvisioning;
using Xunit;

namespace StorageLab.Model.Tests.ThinProvisioning;

/// <summary>
/// Random histories of a pool, in lock-step with <see cref="PoolOracle"/> and checked by <see cref="PoolChecker"/> after every step.
/// </summary>
public sealed class PoolStateMachineTests
{
    private const int DeviceBlockCount = 3000;
    private const int DataBlockCount = 40_000;

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (2, Gen.Int[1, 6].Select(id => new Step(Kind.Create, id, 0, 0))),
        (2, Gen.Select(Gen.Int[1, 6], Gen.Int[1, 6]).Select((id, origin) => new Step(Kind.Snapshot, id, origin, 0))),
        (1, Gen.Int[1, 6].Select(id => new Step(Kind.Delete, id, 0, 0))),
        (5, Extent(Kind.Write, 1200)),
        (4, Extent(Kind.WritePart, 5)),
        (7, Extent(Kind.Discard, 600)),
        (1, Gen.Int[1, 6].Select(id => new Step(Kind.Discard, id, 0, DeviceBlockCount))),
        (1, Gen.Int[1, 6].Select(id => new Step(Kind.Flush, id, 0, 0))),
        (1, Gen.Int[1, 3].Select(seconds => new Step(Kind.Wait, seconds, 0, 0))));

    private enum Kind
    {
        Create,
        Snapshot,
        Delete,
        Write,
        WritePart,
        Discard,
        Flush,
        Wait,
    }

    [Theory]
    [InlineData("3.10.0-1160.el7")]
    [InlineData("6.1")]
    public void Any_history_leaves_what_a_plain_dictionary_holds(string kernel) =>
        Steps.Array[10, 60].Sample(steps => Replay(steps, KernelVersion.Parse(kernel)), iter: 25);

    private static Gen<Step> Extent(Kind kind, int lengthMax) =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, DeviceBlockCount - 1], Gen.Int[1, lengthMax])
            .Select((id, first, length) => new Step(kind, id, first, Math.Min(length, DeviceBlockCount - first)));

    private static void Replay(Step[] steps, KernelVersion kernel)
    {
        var test = new TestPool(DataBlockCount, 3000, kernel);
        var oracle = new PoolOracle();
        var open = new Dictionary<int, ThinDevice>();
        foreach (Step step in steps)
        {
            Apply(test, oracle, open, step);
            PoolChecker.Check(test.Pool);
            AssertSame(test, oracle);
        }

        foreach ((int id, ThinDevice device) in open)
        {
            device.Close();
            Assert.Equal(ThinMessageStatus.Ok, test.Pool.Delete(id));
        }

        PoolChecker.Check(test.Pool);
        Assert.Equal(0, test.Pool.DataUsedBlockCount);
        Assert.Equal(new TestPool(DataBlockCount, 3000, kernel).Pool.MetadataUsedBlockCount, test.Pool.MetadataUsedBlockCount);
    }

    private static void Apply(TestPool test, PoolOracle oracle, Dictionary<int, ThinDevice> open, Step step)
    {
        switch (step.Kind)
        {
            case Kind.Create:
                Assert.Equal(oracle.Create(step.Id), test.Pool.CreateThin(step.Id) == ThinMessageStatus.Ok);
                Open(test, open, step.Id);
                break;
            case Kind.Snapshot:
                if (oracle.Snapshot(step.Id, (int)step.First))
                {
                    Assert.Equal(ThinMessageStatus.Ok, test.Pool.CreateSnapshot(step.Id, (int)step.First));
                    Open(test, open, step.Id);
                }
                else
                    Assert.NotEqual(ThinMessageStatus.Ok, test.Pool.CreateSnapshot(step.Id, (int)step.First));
                break;
            case Kind.Delete:
                if (open.Remove(step.Id, out ThinDevice? device))
                {
                    Assert.Equal(ThinMessageStatus.Busy, test.Pool.Delete(step.Id));
                    device.Close();
                }

                Assert.Equal(oracle.Delete(step.Id), test.Pool.Delete(step.Id) == ThinMessageStatus.Ok);
                break;
            case Kind.Wait:
                test.Clock.Advance(step.Id * 1_000_000_000L);
                break;
            default:
                if (open.TryGetValue(step.Id, out ThinDevice? target))
                    Assert.Equal(IoStatus.Ok, Request(target, oracle, step));
                break;
        }
    }

    private static IoStatus Request(ThinDevice device, PoolOracle oracle, Step step)
    {
        long offset = step.First * TestPool.BlockBytes;
        long length = step.Count * TestPool.BlockBytes;
        switch (step.Kind)
        {
            case Kind.Write:
                oracle.Write(step.Id, step.First, step.Count, coversBlocks: true);
                return device.Write(offset, length);
            case Kind.WritePart:
                for (long block = step.First; block < step.First + step.Count; block++)
                {
                    oracle.Write(step.Id, block, 1, coversBlocks: false);
                    Assert.Equal(IoStatus.Ok, device.Write((block * TestPool.BlockBytes) + 512, 4096));
                }

                return IoStatus.Ok;
            case Kind.Discard:
                // Half a block on either side is asked for too, and stays.
                oracle.Discard(step.Id, step.First, step.Count);
                long begin = Math.Max(0, offset - (TestPool.BlockBytes / 2));
                return device.Discard(begin, Math.Min(device.LengthBytes, offset + length + (TestPool.BlockBytes / 2)) - begin);
            default:
                return device.Flush();
        }
    }

    private static void Open(TestPool test, Dictionary<int, ThinDevice> open, int id)
    {
        if (!open.ContainsKey(id))
            open.Add(id, test.Pool.Open(id, DeviceBlockCount * TestPool.BlockBytes));
    }

    private static void AssertSame(TestPool test, PoolOracle oracle)
    {
        Assert.Equal(oracle.Devices.Keys, test.Pool.DeviceIds);
        var blockOf = new Dictionary<long, long>();
        foreach ((int id, PoolOracle.OracleDevice device) in oracle.Devices)
        {
            var mappings = test.Pool.MappedRuns(id).SelectMany(run => Enumerable.Range(0, (int)run.BlockCount).Select(i => (Virtual: run.VirtualBlock + i, Data: run.DataBlock + i, run.Time))).ToArray();
            Assert.Equal(device.Blocks.Select(pair => (pair.Key, pair.Value.Time)), mappings.Select(mapping => (mapping.Virtual, mapping.Time)));
            foreach ((long virtualBlock, long dataBlock, _) in mappings)
            {
                long logical = device.Blocks[virtualBlock].Block;
                Assert.True(!blockOf.TryGetValue(logical, out long known) || known == dataBlock, "one block lies at two places");
                blockOf[logical] = dataBlock;
            }
        }

        Assert.Equal(blockOf.Count, blockOf.Values.Distinct().Count());
        Assert.Equal(oracle.CopyCount * TestPool.BlockBytes, test.Data.Counters.ReadBytes);
        Assert.Equal(oracle.DiscardedCount * TestPool.BlockBytes, test.Data.Counters.DiscardBytes);
    }

    private sealed record Step(Kind Kind, int Id, long First, long Count);
}
