using StorageLab.Model.Measurement;

namespace StorageLab.Model.Images;

/// <summary>One line of an image's history: an instruction that made a layer, or changed the configuration only.</summary>
/// <param name="Created">When.</param>
/// <param name="CreatedBy">The instruction, e.g. <c>/bin/sh -c #(nop)  CMD ["/bin/sh"]</c>.</param>
/// <param name="Comment">A commit's message.</param>
/// <param name="IsEmptyLayer">Whether it made no layer.</param>
public sealed record HistoryEntry(Timestamp Created, string CreatedBy, string Comment, bool IsEmptyLayer);
