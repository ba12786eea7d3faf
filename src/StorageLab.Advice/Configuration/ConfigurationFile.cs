using System.Text;

namespace StorageLab.Advice.Configuration;

/// <summary>A file that configures the daemon.</summary>
/// <param name="Name">As it was named, for messages.</param>
/// <param name="Content">Its bytes.</param>
public sealed record ConfigurationFile(string Name, byte[] Content)
{
    /// <summary>Whether it is one of shell assignments, as /etc/default/docker, and no daemon.json.</summary>
    public bool IsFlagFile => !Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
        && (FirstLine is null || (!FirstLine.StartsWith('{') && !FirstLine.StartsWith('[')));

    /// <summary>The first line that is neither empty nor a comment.</summary>
    private string? FirstLine => Encoding.UTF8.GetString(Content).Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && line[0] != '#');
}
