using StorageLab.Shell.Docker.CommandLine;
using StorageLab.Shell.GoTemplates;

namespace StorageLab.Shell.Docker;

/// <summary>Writes what <c>inspect</c> found: as JSON, or by a template for each.</summary>
/// <remarks>Source: docker/cli v20.10, cli/command/inspect/inspector.go.</remarks>
internal static class InspectOutput
{
    private const string Indent = "    ";
    private const int TemplateExitCode = 64;

    /// <summary>Inspects every argument; what does not exist is said at the end.</summary>
    /// <param name="find">Finds one.</param>
    /// <param name="complain">Says that it is not there.</param>
    public static int Run(Invocation call, Func<string, GoStruct?> find, Func<string, string> complain)
    {
        string format = call.Flags.Text("format");
        GoTemplate? template = format.Length > 0 ? Parse(format) : null;
        List<GoStruct> found = [];
        List<string> errors = [];
        System.Text.StringBuilder text = new();
        foreach (string argument in call.Arguments)
        {
            if (find(argument) is not { } element)
            {
                errors.Add(complain(argument));
                continue;
            }

            found.Add(element);
            try
            {
                if (template is not null)
                    text.Append(ExecuteOrFallBack(template, element)).Append('\n');
            }
            catch (TemplateException e)
            {
                errors.Add($"template parsing error: {e.Message}");
                break;
            }
        }

        if (template is null)
            call.WriteLine(found.Count == 0 ? "[]" : GoJson.Write(found, Indent, escapesHtml: false));
        else
            call.Output.Write(text.Length == 0 ? "\n" : text.ToString());
        if (errors.Count == 0)
            return 0;
        call.Complain(string.Join('\n', errors));
        return 1;
    }

    /// <summary>Carries a template out on one value and ends the line, also where the template fails.</summary>
    /// <param name="name">The template's name in Go's error.</param>
    public static void Execute(Invocation call, string format, object? value, string name)
    {
        GoTemplate template = Parse(format);
        try
        {
            call.Output.Write(template.Execute(value));
        }
        catch (TemplateException e)
        {
            throw new CommandException(e.Message.Replace("template: :", $"template: {name}:", StringComparison.Ordinal)
                .Replace("executing \"\"", $"executing \"{name}\"", StringComparison.Ordinal));
        }
        finally
        {
            call.Output.Write('\n');
        }
    }

    /// <summary>By Go's own names first, then by the names of the JSON.</summary>
    private static string ExecuteOrFallBack(GoTemplate template, GoStruct element)
    {
        try
        {
            return template.Execute(element);
        }
        catch (TemplateException)
        {
            return template.Execute(element.ToRaw(), needsKeys: true);
        }
    }

    private static GoTemplate Parse(string format)
    {
        try
        {
            return GoTemplate.Parse(format);
        }
        catch (TemplateException e)
        {
            throw new CommandException($"template parsing error: {e.Message}", TemplateExitCode);
        }
    }
}
