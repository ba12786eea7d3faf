namespace StorageLab.Scenarios.Yaml;

/// <summary>A piece of a YAML file with the place where it begins; lines and columns count from 1.</summary>
internal abstract record YamlNode(int Line, int Column);

/// <summary>A scalar. <paramref name="IsPlain"/> tells an empty value from an empty string in quotes.</summary>
internal sealed record YamlText(int Line, int Column, string Value, bool IsPlain) : YamlNode(Line, Column)
{
    /// <summary>Nothing was written.</summary>
    public bool IsNull => IsPlain && Value is "" or "~" or "null";
}

internal sealed record YamlList(int Line, int Column, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column);

/// <summary>A mapping; its keys are scalars and differ.</summary>
internal sealed record YamlMap(int Line, int Column, IReadOnlyList<KeyValuePair<YamlText, YamlNode>> Entries) : YamlNode(Line, Column)
{
    public YamlNode? Find(string key)
    {
        foreach ((YamlText name, YamlNode value) in Entries)
        {
            if (name.Value == key)
                return value;
        }

        return null;
    }
}
