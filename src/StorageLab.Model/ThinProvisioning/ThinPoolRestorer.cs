namespace StorageLab.Model.ThinProvisioning;

/// <summary>Fills a fresh pool's metadata from a dump.</summary>
internal static class ThinPoolRestorer
{
    /// <exception cref="ArgumentException">Something is out of range, twice there or not ascending.</exception>
    public static void Fill(ThinMetadata metadata, ThinPoolContents contents)
    {
        Check(contents.Time <= PackedMapping.TimeMax, $"pool time {contents.Time} has more than 24 bits");
        Check(contents.TransactionId >= 0, $"transaction id {contents.TransactionId} is negative");
        metadata.SetTime(contents.Time);
        metadata.TransactionId = contents.TransactionId;
        foreach (ThinDeviceContents device in contents.Devices)
        {
            Check(device.Id is >= 0 and <= ThinPool.DeviceIdMax, $"device id {device.Id} is not a number of 24 bits");
            Check(metadata.Find((uint)device.Id) is null, $"device {device.Id} is there twice");
            Check(device.SnapshottedTime <= contents.Time, $"device {device.Id} was snapshotted at time {device.SnapshottedTime}, after the pool's time {contents.Time}");
            metadata.CreateThin((uint)device.Id);
            ThinDeviceState state = metadata.Find((uint)device.Id)!;
            metadata.SetDetails(state, device.TransactionId, device.CreationTime, device.SnapshottedTime);
            FillDevice(metadata, state, device);
        }
    }

    private static void FillDevice(ThinMetadata metadata, ThinDeviceState state, ThinDeviceContents device)
    {
        long next = 0;
        foreach (ThinMappingRun run in device.Mappings)
        {
            Check(
                run.BlockCount > 0 && run.VirtualBlock >= next && run.VirtualBlock < uint.MaxValue && run.BlockCount < uint.MaxValue - run.VirtualBlock,
                $"device {device.Id}: {run.BlockCount} blocks at {run.VirtualBlock} do not follow the mapping before");
            Check(
                run.DataBlock >= 0 && run.DataBlock < metadata.Data.BlockCount && run.BlockCount <= metadata.Data.BlockCount - run.DataBlock,
                $"device {device.Id}: data blocks {run.DataBlock}+{run.BlockCount} are outside a pool of {metadata.Data.BlockCount} blocks");
            Check(run.Time <= PackedMapping.TimeMax, $"device {device.Id}: mapping time {run.Time} has more than 24 bits");
            next = run.VirtualBlock + run.BlockCount;
            for (long i = 0; i < run.BlockCount; i++)
            {
                var block = (int)(run.DataBlock + i);
                metadata.Data.Increment(block);
                metadata.Insert(state, run.VirtualBlock + i, block, run.Time);
            }
        }
    }

    private static void Check(bool isRight, string problem)
    {
        if (!isRight)
            throw new ArgumentException(problem);
    }
}
