using System.Globalization;
using StorageLab.Model.Images;

namespace StorageLab.Shell.Docker.Containers;

/// <summary>Names for containers that were given none: an adjective and somebody who worked on storage, drawn from the daemon's own ids.</summary>
internal static class ContainerNames
{
    private static readonly string[] Adjectives =
    [
        "admiring", "bold", "brave", "clever", "cool", "determined", "eager", "elegant", "friendly", "gallant", "gifted", "happy", "hopeful", "jolly",
        "keen", "kind", "loving", "modest", "nice", "peaceful", "practical", "quirky", "relaxed", "serene", "sharp", "stoic", "sweet", "tender", "vibrant", "wise",
    ];

    private static readonly string[] Names =
    [
        "bayer", "borg", "codd", "davidson", "dijkstra", "forrester", "hamming", "hopper", "johnson", "knuth", "lamport", "lovelace", "mckusick", "moore",
        "ousterhout", "patterson", "reed", "ritchie", "rosenblum", "shannon", "solomon", "sweeney", "thompson", "torvalds", "turing", "wilkes", "wing", "zuse",
    ];

    public static string Draw(DockerEngine engine)
    {
        while (true)
        {
            int number = int.Parse(engine.NewId().AsSpan(0, 7), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            string name = $"{Adjectives[number % Adjectives.Length]}_{Names[number / Adjectives.Length % Names.Length]}";
            if (!engine.Containers.TryGet(name, out _))
                return name;
        }
    }

    /// <summary>Whether a name is one of those.</summary>
    public static bool IsDrawn(string name) => name.Split('_') is [var adjective, var person] && Adjectives.Contains(adjective) && Names.Contains(person);
}
