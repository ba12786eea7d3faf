using StorageLab.Model.Constants;
using StorageLab.Model.FileSystems;
using StorageLab.Model.Images;

namespace StorageLab.Model.Drivers;

/// <summary>Follows symbolic links in a path, as the kernel does for a process: /bin/sh of a Debian image is /usr/bin/sh.</summary>
/// <remarks>A link's absolute target starts at the container's root, which nothing climbs above. Source: fs/namei.c.</remarks>
public sealed class PathResolution(NameTable names)
{
    /// <summary>Links followed before a path counts as a loop.</summary>
    [ModelConstant(ModelPart.FileSystem, "links", "Linux include/linux/namei.h: MAXSYMLINKS")]
    private const int LinkCountMax = 40;

    /// <summary>Stands for "..", which is no name.</summary>
    private static NameId Up => default;

    private readonly List<NameId> _resolved = [];
    private readonly Stack<NameId> _pending = new();

    /// <param name="followsLast">Whether a link at the path's end is followed too (open, truncate, chmod) or meant itself (unlink, rename).</param>
    /// <param name="resolved">The path without links; the given one when it has none. What does not exist is kept as it is.</param>
    public FsStatus Resolve(IMountedTree tree, ContainerPath path, bool followsLast, out ContainerPath resolved)
    {
        resolved = path;
        _resolved.Clear();
        _pending.Clear();
        for (int index = path.Components.Length - 1; index >= 0; index--)
            _pending.Push(path.Components[index]);
        var linkCount = 0;
        while (_pending.TryPop(out NameId name))
        {
            if (name == Up)
            {
                if (_resolved.Count > 0)
                    _resolved.RemoveAt(_resolved.Count - 1);
                continue;
            }

            _resolved.Add(name);
            if (_pending.Count == 0 && !followsLast)
                break;
            if (!tree.TryReadLink(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_resolved), out LinkTarget target))
                continue;
            if (++linkCount > LinkCountMax)
                return FsStatus.TooManyLinks;
            _resolved.RemoveAt(_resolved.Count - 1);
            if (!TryPush(names.TextOf(target)))
                return FsStatus.NotFound;
        }

        if (linkCount > 0)
            resolved = ContainerPath.Of(_resolved);
        return FsStatus.Ok;
    }

    /// <returns>False for a target that no file can have, because one of its names is too long.</returns>
    private bool TryPush(string target)
    {
        if (target.StartsWith('/'))
            _resolved.Clear();
        string[] components = target.Split('/');
        for (int index = components.Length - 1; index >= 0; index--)
        {
            if (components[index] is "" or ".")
                continue;
            if (components[index] != ".." && !NameTable.IsValid(components[index]))
                return false;
            _pending.Push(components[index] == ".." ? Up : names.Intern(components[index]));
        }

        return true;
    }
}
