using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using StorageLab.Model.Drivers;

namespace StorageLab.Model.Constants;

/// <summary>Every number that decides what the model does, gathered from where the code declares it.</summary>
public static class ModelConstants
{
    /// <summary>All constants, by part and then by name; the entries of a table in its order.</summary>
    public static ImmutableArray<ModelConstant> All { get; } =
    [
        .. typeof(ModelConstants).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(field => (Field: field, Attribute: field.GetCustomAttribute<ModelConstantAttribute>()))
            .Where(pair => pair.Attribute is not null)
            .OrderBy(pair => pair.Attribute!.Part)
            .ThenBy(pair => NameOf(pair.Field), StringComparer.Ordinal)
            .SelectMany(pair => Read(pair.Field, pair.Attribute!)),
    ];

    private static string NameOf(FieldInfo field) => $"{field.DeclaringType!.Name}.{field.Name}";

    private static IEnumerable<ModelConstant> Read(FieldInfo field, ModelConstantAttribute attribute)
    {
        string id = $"F:{field.DeclaringType!.FullName!.Replace('+', '.')}.{field.Name}";
        object value = field.GetValue(null)!;
        IEnumerable<(string Key, object Value)> entries = value is IEnumerable table
            ? table.Cast<ITuple>().Select(entry => ($"[{Text(entry[0]!)}]", entry[1]!))
            : [("", value)];
        return entries.Select(entry => new ModelConstant(
            attribute.Part, NameOf(field) + entry.Key, Text(entry.Value), attribute.Unit, attribute.Source, id));
    }

    private static string Text(object value) => value is KernelVersion kernel
        ? string.Create(CultureInfo.InvariantCulture, $"{kernel.Major}.{kernel.Minor}")
        : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
