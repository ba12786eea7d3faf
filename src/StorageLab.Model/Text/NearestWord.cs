namespace StorageLab.Model.Text;

/// <summary>Finds the word somebody most likely meant.</summary>
public static class NearestWord
{
    // A longer word than any name here; keeps a hostile word from costing a long comparison.
    private const int WordLengthMax = 64;

    /// <summary>The candidate with the fewest edits, if they are few enough for the word's length (a third, at least one); else null.
    /// Among equals the first.</summary>
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        if (word.Length is 0 or > WordLengthMax)
            return null;
        string? best = null;
        int bestDistance = Math.Max(1, word.Length / 3) + 1;
        foreach (string candidate in candidates)
        {
            if (candidate.Length > WordLengthMax)
                continue;
            int distance = Distance(word, candidate);
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }

        return best;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one word into the other; case counts
    /// nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A word is longer than 64 characters.</exception>
    public static int Distance(string left, string right)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(left.Length, right.Length), WordLengthMax);
        Span<int> beforeLast = stackalloc int[WordLengthMax + 1];
        Span<int> last = stackalloc int[WordLengthMax + 1];
        Span<int> row = stackalloc int[WordLengthMax + 1];
        for (var column = 0; column <= right.Length; column++)
            last[column] = column;
        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                int replace = last[j - 1] + (Same(left[i - 1], right[j - 1]) ? 0 : 1);
                row[j] = Math.Min(replace, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            Span<int> free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }

        return last[right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
