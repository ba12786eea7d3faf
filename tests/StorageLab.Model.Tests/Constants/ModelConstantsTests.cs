using System.Reflection;
using System.Text.RegularExpressions;
using StorageLab.Model.Constants;
using StorageLab.Model.Drivers;
using Xunit;

namespace StorageLab.Model.Tests.Constants;

public sealed partial class ModelConstantsTests
{
    /// <summary>Numbers that shape the program in memory, mark an absence, or are units of measurement: no result hangs on them.</summary>
    private static readonly HashSet<string> NotOfTheModel =
    [
        "AgreementMetric.Megabyte", "BlockAllocator.CriterionAnything", "BlockAllocator.CriterionEnoughFree",
        "BlockAllocator.CriterionExactBuddy", "BlockAllocator.CriterionLikelyFit", "BlockGroups.WordsPerGroup", "BlockOwners.Other", "CowArray`1.SparePages",
        "Disk.NanosecondsPerSecond", "Extent.Delayed", "ExtentMap.ChunkCapacity", "FileSystemMap.CellBytes",
        "LayerEntry.DefaultMode", "MappingIndex.NoPage", "MappingIndex.PageCountMax",
        "MappingIndex.PageEntries", "MappingIndex.RecycledTableLengthMax", "MappingIndex.SharedBit", "MappingIndex.Unmapped",
        "NameTable.NameCountMax", "NameTree.BucketCountMin", "NameTree.NoEntry", "NearestWord.WordLengthMax", "PackedMapping.TimeMax",
        "PackedSet.ChunkCapacity", "ThinMetadata.DetailsWords", "Timestamp.NanosecondsPerSecond", "VariantSummary.MetadataBlockBytes",
        "VariantSummary.NanosecondsPerSecond", "VariantSummaryBuilder.FloorCount", "XfsFileSystem.InInode",
    ];

    private static readonly string[] SourceKinds = ["Linux ", "moby ", "xfsprogs ", "e2fsprogs ", "lvm2 ", "bbolt ", "recorded", "assumption: "];

    private static IEnumerable<FieldInfo> Numbers => typeof(ModelConstants).Assembly.GetTypes()
        .Where(type => !type.IsEnum && !type.Name.StartsWith('<'))
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(one => (one.IsLiteral || one.IsInitOnly) && !one.Name.StartsWith('<') && IsNumber(one.FieldType) && !OfBits().IsMatch(one.Name));

    [Fact]
    public void Every_number_of_the_model_has_a_unit_and_a_source()
    {
        string[] unsaid = [.. Numbers.Where(field => field.GetCustomAttribute<ModelConstantAttribute>() is null).Select(NameOf).Except(NotOfTheModel).Order()];
        Assert.True(unsaid.Length == 0, $"give [ModelConstant] with part, unit and source, or list as not of the model where no result hangs on it: {string.Join(", ", unsaid)}");
    }

    [Fact]
    public void The_numbers_that_are_passed_over_exist_and_are_not_listed_as_well() =>
        Assert.Empty(NotOfTheModel.Except(Numbers.Where(field => field.GetCustomAttribute<ModelConstantAttribute>() is null).Select(NameOf)));

    [Fact]
    public void A_source_is_a_place_in_other_peoples_code_a_recording_or_an_open_assumption() =>
        Assert.Empty(ModelConstants.All.Where(constant => !SourceKinds.Any(kind => constant.Source.StartsWith(kind, StringComparison.Ordinal))));

    [Fact]
    public void Names_are_told_apart() =>
        Assert.Empty(ModelConstants.All.GroupBy(constant => (constant.Part, constant.Name)).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void A_table_is_listed_entry_by_entry_and_a_release_as_one_writes_it()
    {
        Assert.Contains(ModelConstants.All, constant => constant is { Name: "Ext4Geometry.JournalBlockCounts[32768]", Value: "4096" });
        Assert.Contains(ModelConstants.All, constant => constant is { Name: "KernelChanges.PoolCursorOutlivesCommit", Value: "5.14" });
    }

    /// <summary>How something is laid out in words and pages of memory shows in its name.</summary>
    [GeneratedRegex("(Shift|Mask|PerWord|PerLeaf)$")]
    private static partial Regex OfBits();

    private static string NameOf(FieldInfo field) => $"{field.DeclaringType!.Name}.{field.Name}";

    private static bool IsNumber(Type type)
    {
        Type element = type.IsArray ? type.GetElementType()! : type;
        if (element.IsGenericType && element.FullName!.StartsWith("System.ValueTuple", StringComparison.Ordinal))
            return element.GetGenericArguments().Any(IsNumber);
        return element == typeof(KernelVersion) || (!element.IsEnum && Type.GetTypeCode(element) is >= TypeCode.SByte and <= TypeCode.Decimal);
    }
}
