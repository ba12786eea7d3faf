namespace StorageLab.Shell.Docker.Images;

/// <summary>Patterns of the <c>reference</c> filter: <c>*</c> and <c>?</c> do not cross a slash.</summary>
/// <remarks>Source: Go's path.Match, as docker/distribution's FamiliarMatch uses it.</remarks>
internal static class PathPattern
{
    /// <returns>Null for a malformed pattern.</returns>
    public static bool? Match(string pattern, string name)
    {
        if (!IsWellFormed(pattern))
            return null;
        return Matches(pattern, name);
    }

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        while (pattern.Length > 0)
        {
            switch (pattern[0])
            {
                case '*':
                    pattern = pattern.TrimStart('*');
                    for (var taken = 0; taken <= name.Length; taken++)
                    {
                        if (Matches(pattern, name[taken..]))
                            return true;
                        if (taken < name.Length && name[taken] == '/')
                            return false;
                    }

                    return false;
                case '?':
                    if (name.Length == 0 || name[0] == '/')
                        return false;
                    pattern = pattern[1..];
                    break;
                case '[':
                    if (name.Length == 0 || !MatchesClass(ref pattern, name[0]))
                        return false;
                    break;
                case '\\':
                    if (name.Length == 0 || name[0] != pattern[1])
                        return false;
                    pattern = pattern[2..];
                    break;
                default:
                    if (name.Length == 0 || name[0] != pattern[0])
                        return false;
                    pattern = pattern[1..];
                    break;
            }

            name = name[1..];
        }

        return name.Length == 0;
    }

    private static bool MatchesClass(ref ReadOnlySpan<char> pattern, char character)
    {
        int end = ClassEnd(pattern);
        ReadOnlySpan<char> body = pattern[1..end];
        pattern = pattern[(end + 1)..];
        bool negates = body.Length > 0 && body[0] == '^';
        if (negates)
            body = body[1..];
        var isIn = false;
        while (body.Length > 0)
        {
            char low = Take(ref body);
            char high = low;
            if (body.Length > 1 && body[0] == '-')
            {
                body = body[1..];
                high = Take(ref body);
            }

            isIn |= character >= low && character <= high;
        }

        return isIn != negates;
    }

    private static char Take(ref ReadOnlySpan<char> body)
    {
        int at = body[0] == '\\' && body.Length > 1 ? 1 : 0;
        char character = body[at];
        body = body[(at + 1)..];
        return character;
    }

    private static bool IsWellFormed(string pattern)
    {
        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] == '\\' && ++at >= pattern.Length)
                return false;
            if (pattern[at] != '[')
                continue;
            int end = ClassEnd(pattern.AsSpan(at));
            if (end < 2)
                return false;
            at += end;
        }

        return true;
    }

    /// <summary>Index of the bracket that closes a class; -1 without one.</summary>
    private static int ClassEnd(ReadOnlySpan<char> pattern)
    {
        for (var at = 1; at < pattern.Length; at++)
        {
            if (pattern[at] == '\\')
                at++;
            else if (pattern[at] == ']' && at > 1)
                return at;
        }

        return -1;
    }
}
