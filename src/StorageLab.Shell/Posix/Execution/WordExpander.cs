using System.Collections.Immutable;
using System.Text;
using StorageLab.Shell.Posix.Syntax;

namespace StorageLab.Shell.Posix.Execution;

/// <summary>Turns words into what commands are given.</summary>
/// <param name="substitute">Runs a substitution's commands and gives what they wrote, without line ends at its end.</param>
internal sealed class WordExpander(ShellState state, ScriptText text, Func<ShellNode, string> substitute)
{
    /// <summary>Characters one command may be given; a loop that doubles a text soon has more.</summary>
    private const int LengthMax = 1 << 20;

    private int _length;

    /// <summary>The fields of words and the place of each.</summary>
    public (ImmutableArray<string> Fields, ImmutableArray<SourcePlace> Places) Fields(IEnumerable<Word> words)
    {
        List<string> fields = [];
        List<SourcePlace> places = [];
        string separators = state.Get("IFS") ?? FieldSplitter.DefaultSeparators;
        foreach (Word word in words)
        {
            FieldSplitter splitter = new(separators, fields);
            foreach (WordPart part in word.Parts)
                Add(part, word.Place, splitter, isDefault: false);
            splitter.End();
            while (places.Count < fields.Count)
                places.Add(word.Place);
        }

        return ([.. fields], [.. places]);
    }

    /// <param name="isDefault">Whether the part stands for a variable that is not set: then its plain characters are split too.</param>
    private void Add(WordPart part, SourcePlace place, FieldSplitter splitter, bool isDefault)
    {
        if (part is WordPart.Parameter { IsQuoted: false, Default: { } fallback } parameter && string.IsNullOrEmpty(state.Get(parameter.Name)))
        {
            foreach (WordPart inner in fallback.Parts)
                Add(inner, place, splitter, isDefault: true);
            return;
        }

        string value = Checked(part, place);
        // Characters of the script itself are not split.
        if (part.IsQuoted || (part is WordPart.Literal && !isDefault))
            splitter.AddWhole(value);
        else
            splitter.AddSplit(value);
    }

    /// <summary>A word as one text, as assignments and redirections take it.</summary>
    public string Text(Word word)
    {
        StringBuilder whole = new();
        foreach (WordPart part in word.Parts)
            whole.Append(Checked(part, word.Place));
        return whole.ToString();
    }

    private string Checked(WordPart part, SourcePlace place)
    {
        string value = Value(part, place);
        _length += value.Length;
        return _length <= LengthMax ? value : throw text.Wrong(place, $"the arguments of a command have more than {LengthMax} characters");
    }

    private string Value(WordPart part, SourcePlace place)
    {
        switch (part)
        {
            case WordPart.Literal literal:
                return literal.Text;
            case WordPart.Substitution substitution:
                return substitute(substitution.Body);
            case WordPart.Parameter parameter:
                string? value = state.Get(parameter.Name);
                if (string.IsNullOrEmpty(value) && parameter.Default is { } fallback)
                    return Text(fallback);
                if (value is null && state.FailsOnUnset)
                    throw text.Wrong(place, $"the variable {parameter.Name} is not set, and set -u asks for an error");
                return value ?? "";
            default:
                throw new ArgumentOutOfRangeException(nameof(part), part, "no such part of a word");
        }
    }
}
