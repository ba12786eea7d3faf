using System.Text;

namespace StorageLab.Shell.GoTemplates;

/// <summary>A template in Go's text/template language, with Docker's functions.</summary>
public sealed class GoTemplate
{
    private static readonly HashSet<string> FunctionNames = [.. TemplateFunctions.All.Keys];

    private readonly string _text;
    private readonly TemplateNode.Sequence _root;

    private GoTemplate(string text, TemplateNode.Sequence root) => (_text, _root) = (text, root);

    /// <exception cref="TemplateException">The template is malformed.</exception>
    public static GoTemplate Parse(string text) => new(text, TemplateParser.Parse(text, FunctionNames));

    /// <summary>Carries it out.</summary>
    /// <param name="data">What its dot is.</param>
    /// <param name="needsKeys">Whether a key that a map does not have is an error, as inspect's templates want it.</param>
    /// <exception cref="TemplateException">What it asks for is not there.</exception>
    public string Execute(object? data, bool needsKeys = false) => Execute(data, TemplateFunctions.All, needsKeys);

    /// <summary>The heading of a table whose rows the template writes: case and length stay as they are.</summary>
    public string ExecuteHeading(object? headings) => Execute(headings, TemplateFunctions.ForHeadings, needsKeys: false);

    private string Execute(object? data, IReadOnlyDictionary<string, TemplateFunction> functions, bool needsKeys)
    {
        StringBuilder output = new();
        new TemplateExecution(_text, functions, needsKeys, data, output).Run(_root);
        return output.ToString();
    }
}
