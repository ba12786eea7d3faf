using System.Collections.Immutable;

namespace StorageLab.Cli.Interactive;

/// <summary>What could stand for the word at the cursor.</summary>
/// <param name="WordLength">Characters before the cursor that belong to the word.</param>
/// <param name="Candidates">Whole words that begin with them, in the order they are shown.</param>
internal sealed record Completion(int WordLength, ImmutableArray<string> Candidates)
{
    /// <summary>The longest beginning that all candidates have.</summary>
    public string CommonPrefix
    {
        get
        {
            if (Candidates.IsEmpty)
                return "";
            int length = Candidates.Min(candidate => candidate.Length);
            for (var index = 0; index < length; index++)
            {
                if (Candidates.Any(candidate => candidate[index] != Candidates[0][index]))
                    return Candidates[0][..index];
            }

            return Candidates[0][..length];
        }
    }
}
