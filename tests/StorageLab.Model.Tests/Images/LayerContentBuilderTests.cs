using CsCheck;
using StorageLab.Model.Images;
using Xunit;

namespace StorageLab.Model.Tests.Images;

public sealed class LayerContentBuilderTests
{
    [Fact]
    public void Every_entry_lies_under_the_last_entry_of_its_directorys_path() =>
        Gen.Select(Gen.String[Gen.Char["abc/."], 1, 8], Gen.Enum<LayerEntryKind>()).Array[1, 30].Sample(given =>
        {
            NameTable names = new();
            LayerContentBuilder builder = new(names);
            Dictionary<string, int> lastByPath = [];
            foreach ((string path, LayerEntryKind kind) in given)
            {
                if (kind is LayerEntryKind.HardLink or LayerEntryKind.OpaqueMarker or LayerEntryKind.Implied)
                    continue;
                string[] parts = [.. path.Split('/').Where(part => part is not ("" or "."))];
                int before = builder.Count;
                if (parts.Length == 0 || parts.Contains(".."))
                {
                    Assert.Throws<ArgumentException>(() => builder.Add(path, kind, 0));
                    Assert.Equal(before, builder.Count);
                    continue;
                }

                builder.Add(path, kind, 0);
                ReadOnlySpan<LayerEntry> entries = builder.Build().Entries;
                for (int index = before; index < entries.Length; index++)
                    lastByPath[PathOf(entries, index, names)] = index;
                if (entries.Length > before)
                {
                    int parent = entries[^1].ParentIndex;
                    Assert.Equal(parts.Length == 1 ? -1 : lastByPath[string.Join('/', parts[..^1])], parent);
                    Assert.Equal(string.Join('/', parts), PathOf(entries, entries.Length - 1, names));
                }
            }
        });

    private static string PathOf(ReadOnlySpan<LayerEntry> entries, int index, NameTable names)
    {
        string name = names.NameOf(entries[index].Name);
        return entries[index].ParentIndex < 0 ? name : $"{PathOf(entries, entries[index].ParentIndex, names)}/{name}";
    }
}
