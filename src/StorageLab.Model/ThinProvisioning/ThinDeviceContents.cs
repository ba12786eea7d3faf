namespace StorageLab.Model.ThinProvisioning;

/// <summary>One device of a dumped pool: the <c>device</c> element of thin_dump's XML.</summary>
/// <param name="Id">24 bits.</param>
/// <param name="TransactionId">The pool's transaction id when the device was made.</param>
/// <param name="CreationTime">Pool time when the device was made.</param>
/// <param name="SnapshottedTime">Pool time of the last snapshot that it took part in: older mappings count as shared.</param>
/// <param name="Mappings">In ascending order of virtual blocks, none twice.</param>
public sealed record ThinDeviceContents(
    int Id, long TransactionId, uint CreationTime, uint SnapshottedTime, IEnumerable<ThinMappingRun> Mappings);
