namespace StorageLab.Model.ThinProvisioning;

/// <summary>A dumped pool: the <c>superblock</c> element of thin_dump's XML.</summary>
/// <param name="Time">Snapshots taken so far, 24 bits.</param>
/// <param name="TransactionId">What user space last set.</param>
/// <param name="Devices">None twice; read once.</param>
public sealed record ThinPoolContents(uint Time, long TransactionId, IEnumerable<ThinDeviceContents> Devices);
