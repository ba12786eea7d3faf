using StorageLab.Model.Drivers;

namespace StorageLab.Model.Images;

/// <summary><c>docker image rm</c>: which names go, which images with them, and what stands in the way.</summary>
/// <remarks>Source: daemon/images/image_delete.go (ImageDelete, imageDeleteHelper, checkImageDeleteConflict) at v20.10.24.</remarks>
public sealed class ImageRemoval(ImageStore images, LayerStore layers, ContainerStore containers)
{
    /// <summary>What is in the way of a removal.</summary>
    [Flags]
    private enum Conflict
    {
        DependentChild = 1,
        RunningContainer = 2,
        ActiveReference = 4,
        StoppedContainer = 8,
        Hard = DependentChild | RunningContainer,
        Soft = ActiveReference | StoppedContainer,
    }

    /// <param name="reference">A tag or digest, or an id or its prefix.</param>
    /// <param name="force">Ignores soft conflicts.</param>
    /// <param name="prunesParents">Whether untagged parents that nothing else needs go too.</param>
    /// <param name="records">Takes what was removed, in Docker's order.</param>
    public DockerOutcome Remove(string reference, bool force, bool prunesParents, List<RemovalRecord> records)
    {
        Image? image = images.Find(reference, out DockerOutcome outcome);
        if (image is null)
            return outcome;
        var removedReference = false;
        IReadOnlyCollection<ImageName> names = images.References.Of(image.Id);
        if (!IsIdPrefix(image.Id, reference))
        {
            if (!force && IsSingleReference(names) && containers.FirstUsing(image.Id) is { } user)
            {
                return DockerOutcome.Refused(
                    $"conflict: unable to remove repository reference \"{reference}\" (must force) - container {ContentIds.Truncated(user.Id)} "
                    + $"is using its referenced image {ContentIds.Truncated(image.Id)}");
            }

            Untag(ImageName.Parse(reference).WithDefaultTag(), records);
            if (images.References.IsReferenced(image.Id))
                return DockerOutcome.Ok;
            removedReference = true;
        }
        else if (IsSingleReference(names))
        {
            Conflict mask = Conflict.Hard | (force ? 0 : Conflict.StoppedContainer);
            if (FindConflict(image, mask) is { } found)
                return DockerOutcome.Refused(found.Text);
            foreach (ImageName name in (ImageName[])[.. names])
                RemoveReference(name, records);
        }

        return Delete(image, force, prunesParents, quiet: removedReference, records);
    }

    /// <summary>docker image prune: dangling images, or every image, that no container and no other image needs.</summary>
    /// <param name="all">Tagged images too.</param>
    /// <param name="includes">Which images may go; null for all.</param>
    /// <param name="records">Takes what was removed, in Docker's order.</param>
    /// <remarks>A removal that is refused is passed over. Source: daemon/images/image_prune.go, ImagesPrune.</remarks>
    public DockerOutcome Prune(bool all, Func<Image, bool>? includes, List<RemovalRecord> records)
    {
        Image[] candidates =
        [
            .. images.All.Where(image => (all ? images.References.IsReferenced(image.Id) || !images.HasChildren(image.Id) : !images.HasChildren(image.Id))
                && (includes is null || includes(image))),
        ];
        foreach (Image image in candidates)
        {
            ImageName[] names = [.. images.References.Of(image.Id)];
            if (!all && images.References.IsTagged(image.Id))
                continue;
            IEnumerable<string> targets = names.Length > 0 ? names.Select(name => name.Familiar) : [ContentIds.Hex(image.Id)];
            foreach (string target in targets)
            {
                DockerOutcome outcome = Remove(target, force: false, prunesParents: true, records);
                if (outcome.Result == Measurement.StepResult.Failed)
                    return outcome;
            }
        }

        return DockerOutcome.Ok;
    }

    private static bool IsIdPrefix(string imageId, string reference) =>
        reference.Length > 0
        && (imageId.StartsWith(reference, StringComparison.Ordinal) || ContentIds.Hex(imageId).StartsWith(reference, StringComparison.Ordinal));

    /// <summary>Whether all references are of one repository and at most one is a tag; false for none.</summary>
    private static bool IsSingleReference(IReadOnlyCollection<ImageName> names)
    {
        if (names.Count <= 1)
            return names.Count == 1;
        ImageName? single = null;
        HashSet<string> withDigest = new(StringComparer.Ordinal);
        foreach (ImageName name in names)
        {
            if (name.IsCanonical)
                withDigest.Add(name.Name);
            else if (single is null)
                single = name;
            else
                return false;
        }

        return withDigest.Count == 1 && withDigest.Contains((single ?? names.First()).Name);
    }

    private DockerOutcome Delete(Image image, bool force, bool prunesParents, bool quiet, List<RemovalRecord> records)
    {
        Conflict mask = Conflict.Hard | (force ? 0 : Conflict.Soft);
        if (FindConflict(image, mask) is { } found)
        {
            // Without its tag the image dangles, and then the user must hear why it stayed; one in use is no surprise.
            bool isDangling = !images.References.IsReferenced(image.Id) && !images.HasChildren(image.Id);
            bool passesOver = quiet && (!isDangling || found.IsUse);
            return passesOver ? DockerOutcome.Ok : DockerOutcome.Refused(found.Text);
        }

        foreach (ImageName name in (ImageName[])[.. images.References.Of(image.Id)])
            RemoveReference(name, records);
        List<Layer> removedLayers = [];
        DriverOutcome removed = images.Remove(image, layers, removedLayers);
        records.Add(new RemovalRecord(IsUntag: false, image.Id, 0));
        foreach (Layer layer in removedLayers)
            records.Add(new RemovalRecord(IsUntag: false, layer.ChainId, layer.SizeBytes));
        if (!removed.IsOk)
            return DockerOutcome.From(removed);
        return prunesParents && image.ParentId is { } parentId && images.TryGet(parentId, out Image? parent)
            ? Delete(parent!, force: false, prunesParents: true, quiet: true, records)
            : DockerOutcome.Ok;
    }

    /// <summary>Removes one reference; with the last tag of a repository its digests go too.</summary>
    private void Untag(ImageName name, List<RemovalRecord> records)
    {
        _ = images.References.TryGet(name, out string? imageId);
        RemoveReference(name, records);
        if (name.IsCanonical || imageId is null)
            return;
        ImageName[] ofRepository = [.. images.References.Of(imageId).Where(other => other.Name == name.Name)];
        if (ofRepository.Any(other => !other.IsCanonical))
            return;
        foreach (ImageName digest in ofRepository)
            RemoveReference(digest, records);
    }

    private void RemoveReference(ImageName name, List<RemovalRecord> records)
    {
        _ = images.RemoveReference(name);
        records.Add(new RemovalRecord(IsUntag: true, name.Familiar, 0));
    }

    private (string Text, bool IsUse)? FindConflict(Image image, Conflict mask)
    {
        string id = ContentIds.Truncated(image.Id);
        if (mask.HasFlag(Conflict.DependentChild) && images.HasChildren(image.Id))
            return ($"conflict: unable to delete {id} (cannot be forced) - image has dependent child images", false);
        if (mask.HasFlag(Conflict.RunningContainer) && containers.FirstUsing(image.Id, running: true) is { } running)
        {
            return ($"conflict: unable to delete {id} (cannot be forced) - image is being used by running container {ContentIds.Truncated(running.Id)}", true);
        }

        if (mask.HasFlag(Conflict.ActiveReference) && images.References.IsReferenced(image.Id))
            return ($"conflict: unable to delete {id} (must be forced) - image is referenced in multiple repositories", false);
        return mask.HasFlag(Conflict.StoppedContainer) && containers.FirstUsing(image.Id, running: false) is { } stopped
            ? ($"conflict: unable to delete {id} (must be forced) - image is being used by stopped container {ContentIds.Truncated(stopped.Id)}", true)
            : null;
    }
}
