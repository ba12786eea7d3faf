namespace StorageLab.Model.FileSystems.Ext4;

/// <summary>What mballoc is asked for.</summary>
/// <param name="Goal">Block on the device where the run should start.</param>
/// <param name="BlockCount">Blocks wanted; fewer may come.</param>
/// <param name="IsFileData">Content of a regular file (EXT4_MB_HINT_DATA): kept out of the first group of a flex group while there is choice.</param>
/// <param name="TriesGoal">Whether a run exactly at the goal is taken first (EXT4_MB_HINT_TRY_GOAL).</param>
/// <param name="IsStream">Whether the search goes on where the last stream ended (EXT4_MB_STREAM_ALLOC).</param>
internal readonly record struct AllocationRequest(long Goal, int BlockCount, bool IsFileData, bool TriesGoal = false, bool IsStream = false);
