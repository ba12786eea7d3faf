using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace StorageLab.Cli;

/// <summary>What the model's source says of each of its members: the documentation file that the compiler leaves beside the assembly.</summary>
internal sealed partial class ModelDocumentation
{
    private readonly Dictionary<string, string> _summaries;

    private ModelDocumentation(Dictionary<string, string> summaries) => _summaries = summaries;

    /// <summary>Reads the file beside the program; without one nothing has a meaning, and everything else still holds.</summary>
    public static ModelDocumentation Load()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "StorageLab.Model.xml");
        return new ModelDocumentation(!File.Exists(path)
            ? []
            : XDocument.Load(path).Descendants("member")
                .Where(member => member.Element("summary") is not null)
                .ToDictionary(member => member.Attribute("name")!.Value, member => TextOf(member.Element("summary")!), StringComparer.Ordinal));
    }

    /// <summary>The summary of a member on one line; empty without one.</summary>
    /// <param name="id">As the compiler writes it, e.g. <c>F:StorageLab.Model.Blocks.DeviceLimits.SectorBytes</c>.</param>
    public string MeaningOf(string id) => _summaries.GetValueOrDefault(id, "");

    private static string TextOf(XElement summary)
    {
        IEnumerable<string> pieces = summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "see" or "paramref" } reference => (reference.Attribute("cref") ?? reference.Attribute("name"))?.Value.Split('.')[^1] ?? "",
            XElement element => element.Value,
            XText text => text.Value,
            _ => "",
        });
        return Blanks().Replace(string.Concat(pieces), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
