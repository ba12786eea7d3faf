using System.Collections.Immutable;

namespace StorageLab.Model.Images;

/// <summary>What a pull had to do, for the progress it prints.</summary>
/// <param name="IsImageThere">The image was there already, and nothing was asked of its layers.</param>
/// <param name="AreLayersThere">Per layer, bottom first, whether it was there.</param>
/// <param name="IsReferenceMoved">Whether the reference is new or names another image now.</param>
public sealed record PullReport(bool IsImageThere, ImmutableArray<bool> AreLayersThere, bool IsReferenceMoved);
