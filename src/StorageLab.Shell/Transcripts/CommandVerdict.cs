using System.Collections.Immutable;
using StorageLab.Scenarios.Recorded;

namespace StorageLab.Shell.Transcripts;

/// <summary>How the model's answer to one recorded command compares with the recording.</summary>
/// <param name="Transcript">The transcript.</param>
/// <param name="Command">The recorded command.</param>
/// <param name="Differences">Lines of the recording (<c>- </c>) and of the model (<c>+ </c>) where they differ; empty where they agree.</param>
/// <param name="Masks">What was passed over, because no model can know it.</param>
public sealed record CommandVerdict(RecordedTranscript Transcript, RecordedCommand Command, ImmutableArray<string> Differences, ImmutableArray<string> Masks)
{
    public bool Agrees => Differences.IsEmpty;
}
