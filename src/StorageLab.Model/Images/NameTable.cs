using System.Text;
using StorageLab.Model.Constants;

namespace StorageLab.Model.Images;

/// <summary>Gives every path component a number, so that the file systems compare names without touching text.</summary>
/// <remarks>Shared by all stacks of a run and safe to use from several threads. Numbers depend on the order of interning
/// and must never order anything that is measured.</remarks>
public sealed class NameTable
{
    /// <summary>Longest name.</summary>
    [ModelConstant(ModelPart.FileSystem, "bytes", "Linux include/uapi/linux/limits.h: NAME_MAX")]
    public const int NameLengthBytesMax = 255;

    /// <summary>Longest target of a symbolic link.</summary>
    [ModelConstant(ModelPart.FileSystem, "bytes", "Linux include/uapi/linux/limits.h: PATH_MAX less its NUL")]
    private const int TargetLengthBytesMax = 4095;

    /// <summary>Different names a table holds: what the upper bits of a <see cref="NameId"/> can number.</summary>
    public const int NameCountMax = 1 << 23;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, NameId> _ids = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _targetIds = new(StringComparer.Ordinal);
    private readonly List<string> _targets = [];

    /// <exception cref="ArgumentException">The name is empty, ".", "..", holds a slash or NUL, or exceeds 255 bytes; or the table is
    /// full.</exception>
    public NameId Intern(ReadOnlySpan<char> name)
    {
        lock (_lock)
        {
            Dictionary<string, NameId>.AlternateLookup<ReadOnlySpan<char>> lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
            if (lookup.TryGetValue(name, out NameId known))
                return known;
            if (!IsValid(name))
                throw new ArgumentException($"not a file name: '{name}'", nameof(name));
            if (_names.Count == NameCountMax)
                throw new ArgumentException($"more than {NameCountMax} different file names", nameof(name));
            var text = name.ToString();
            NameId id = new((_names.Count << 8) | Encoding.UTF8.GetByteCount(text));
            _names.Add(text);
            _ids.Add(text, id);
            return id;
        }
    }

    public string NameOf(NameId id)
    {
        lock (_lock)
            return _names[id.Value >> 8];
    }

    /// <summary>Gives a symbolic link's target a number; equal targets get the same.</summary>
    /// <exception cref="ArgumentException">The target is empty, holds NUL, or is longer than 4,095 bytes (PATH_MAX).</exception>
    public LinkTarget InternTarget(ReadOnlySpan<char> target)
    {
        int lengthBytes = Encoding.UTF8.GetByteCount(target);
        if (lengthBytes is 0 or > TargetLengthBytesMax || target.Contains('\0'))
            throw new ArgumentException("a symbolic link's target has 1 to 4095 bytes and no NUL", nameof(target));
        lock (_lock)
        {
            if (!_targetIds.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(target, out int id))
            {
                id = _targets.Count;
                string text = target.ToString();
                _targets.Add(text);
                _targetIds.Add(text, id);
            }

            return new LinkTarget(id, lengthBytes);
        }
    }

    public string TextOf(LinkTarget target)
    {
        lock (_lock)
            return _targets[target.Id];
    }

    /// <summary>Whether a Linux directory can hold an entry of this name.</summary>
    public static bool IsValid(ReadOnlySpan<char> name) =>
        name.Length > 0 && name is not "." and not ".." && name.IndexOfAny('/', '\0') < 0
        && Encoding.UTF8.GetByteCount(name) <= NameLengthBytesMax;
}
