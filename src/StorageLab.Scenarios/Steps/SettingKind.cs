namespace StorageLab.Scenarios.Steps;

/// <summary>What the value of a setting is.</summary>
internal enum SettingKind
{
    /// <summary>Any text of one line.</summary>
    Text,

    /// <summary>Text of several lines.</summary>
    Prose,

    /// <summary>The name of an image, container, host or variable.</summary>
    Name,

    /// <summary>An absolute path in a container.</summary>
    Path,

    /// <summary>Bytes: <see cref="Values.ByteQuantity"/>.</summary>
    Size,

    /// <summary>A size, or a range <c>1KiB..8KiB</c> to draw one from.</summary>
    SizeRange,

    /// <summary>A list of sizes.</summary>
    SizeList,

    /// <summary>A whole number.</summary>
    Count,

    Duration,
    Boolean,
    Choice,

    /// <summary>A list of texts.</summary>
    TextList,

    /// <summary>A list of steps.</summary>
    Steps,

    /// <summary>A list of steps that may have weights.</summary>
    Choices,

    /// <summary>A list of file operations.</summary>
    Operations,

    /// <summary>A list of build instructions: a text, or a text with its file operations.</summary>
    Instructions,

    /// <summary>Hosts by name.</summary>
    Hosts,

    /// <summary>A list of drivers: names, or mappings with options.</summary>
    Drivers,

    /// <summary>Storage options by Docker's names.</summary>
    Options,
}
