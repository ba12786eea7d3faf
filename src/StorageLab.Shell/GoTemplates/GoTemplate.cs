using System.Text;

namespace StorageLab.Shell.GoTemplates;

/// <summary>A template in Go's text/template language, with Docker's functions.</summary>
public sealed class GoTemplate
{
    private static readonly HashSet<string> FunctionNames = [.. TemplateFunctions.All.Keys];

    private readonly string _text;
    private readonly TemplateNode.Sequence _root;

    private readonly IReadOnlyDictionary<string, TemplateNode.Sequence> _named;

    private GoTemplate(string text)
    {
        _text = text;
        _root = TemplateParser.Parse(text, FunctionNames, out _named);
    }

    /// <exception cref="TemplateException">The template is malformed.</exception>
    public static GoTemplate Parse(string text) => new(text);

    /// <summary>Carries it out.</summary>
    /// <param name="data">What its dot is.</param>
    /// <param name="needsKeys">Whether a key that a map does not have is an error, as inspect's templates want it.</param>
    /// <exception cref="TemplateException">What it asks for is not there.</exception>
    public string Execute(object? data, bool needsKeys = false) => Execute(data, TemplateFunctions.All, needsKeys);

    /// <summary>What it writes until something goes wrong.</summary>
    public string TryExecute(object? data)
    {
        StringBuilder output = new();
        try
        {
            new TemplateExecution(_text, _named, TemplateFunctions.All, needsKeys: false, data, output).Run(_root);
        }
        catch (TemplateException)
        {
            return output.ToString();
        }

        return output.ToString();
    }

    /// <summary>The heading of a table whose rows the template writes: case and length stay as they are.</summary>
    public string ExecuteHeading(object? headings) => Execute(headings, TemplateFunctions.ForHeadings, needsKeys: false);

    private string Execute(object? data, IReadOnlyDictionary<string, TemplateFunction> functions, bool needsKeys)
    {
        StringBuilder output = new();
        new TemplateExecution(_text, _named, functions, needsKeys, data, output).Run(_root);
        return output.ToString();
    }
}
