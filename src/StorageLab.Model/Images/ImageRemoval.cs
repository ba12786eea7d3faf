using StorageLab.Model.Drivers;

namespace StorageLab.Model.Images;

/// <summary><c>docker image rm</c>: which names go, which images with them, and what stands in the way.</summary>
/// <remarks>Source: daemon/images/image_delete.go (ImageDelete, imageDeleteHelper, checkImageDeleteConflict) at v20.10.24.</remarks>
public sealed class ImageRemoval(ImageStore images, ContainerStore containers)
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

    /// <param name="reference">A tag, or an id or its prefix.</param>
    /// <param name="force">Ignores soft conflicts.</param>
    /// <param name="records">Takes Docker's lines, <c>Untagged: …</c> and <c>Deleted: …</c>, in order.</param>
    public DockerOutcome Remove(string reference, bool force, List<string> records)
    {
        if (!images.TryFind(reference, out Image? image))
            return DockerOutcome.NotFound($"No such image: {ReferenceStore.Normalize(reference)}");
        IReadOnlyList<string> tags = images.References.TagsOf(image!.Id);
        var removedTag = false;
        if (!IsIdPrefix(image.Id, reference))
        {
            if (!force && tags.Count <= 1 && containers.FirstUsing(image.Id) is { } user)
            {
                return DockerOutcome.Refused(
                    $"conflict: unable to remove repository reference \"{reference}\" (must force) - container {ContentIds.Truncated(user.Id)} "
                    + $"is using its referenced image {ContentIds.Truncated(image.Id)}");
            }

            Untag(ReferenceStore.Normalize(reference), records);
            if (images.References.IsTagged(image.Id))
                return DockerOutcome.Ok;
            removedTag = true;
        }
        else if (tags.Count <= 1)
        {
            Conflict mask = Conflict.Hard | (force ? 0 : Conflict.StoppedContainer);
            if (FindConflict(image, mask) is { } found)
                return DockerOutcome.Refused(found.Text);
            foreach (string tag in tags)
                Untag(tag, records);
        }

        return Delete(image, force, prune: true, quiet: removedTag, records);
    }

    /// <summary>Removes an image by id as prune does: no force, parents pruned, conflicts passed over.</summary>
    public DockerOutcome RemoveQuietly(Image image, List<string> records) => Delete(image, force: false, prune: true, quiet: true, records);

    private static bool IsIdPrefix(string imageId, string reference)
    {
        string hex = ContentIds.Hex(reference);
        return hex.Length > 0 && ContentIds.Hex(imageId).StartsWith(hex, StringComparison.Ordinal);
    }

    private DockerOutcome Delete(Image image, bool force, bool prune, bool quiet, List<string> records)
    {
        Conflict mask = Conflict.Hard | (force ? 0 : Conflict.Soft);
        if (FindConflict(image, mask) is { } found)
        {
            // Without its tag the image dangles, and then the user must hear why it stayed; one in use is no surprise.
            bool passesOver = quiet && (!images.IsDangling(image.Id) || found.IsUse);
            return passesOver ? DockerOutcome.Ok : DockerOutcome.Refused(found.Text);
        }

        foreach (string tag in images.References.TagsOf(image.Id))
            Untag(tag, records);
        List<string> chainIds = [];
        DriverOutcome removed = images.Remove(image, chainIds);
        records.Add($"Deleted: {image.Id}");
        foreach (string chainId in chainIds)
            records.Add($"Deleted: {chainId}");
        if (!removed.IsOk)
            return DockerOutcome.From(removed);
        return prune && image.ParentId is { } parentId && images.TryGet(parentId, out Image? parent)
            ? Delete(parent!, force: false, prune: true, quiet: true, records)
            : DockerOutcome.Ok;
    }

    private void Untag(string tag, List<string> records)
    {
        _ = images.RemoveTag(tag);
        records.Add($"Untagged: {tag}");
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

        if (mask.HasFlag(Conflict.ActiveReference) && images.References.IsTagged(image.Id))
            return ($"conflict: unable to delete {id} (must be forced) - image is referenced in multiple repositories", false);
        return mask.HasFlag(Conflict.StoppedContainer) && containers.FirstUsing(image.Id, running: false) is { } stopped
            ? ($"conflict: unable to delete {id} (must be forced) - image is being used by stopped container {ContentIds.Truncated(stopped.Id)}", true)
            : null;
    }
}
