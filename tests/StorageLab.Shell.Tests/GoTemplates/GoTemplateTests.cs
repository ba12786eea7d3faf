using CsCheck;
using StorageLab.Shell.GoTemplates;
using Xunit;

namespace StorageLab.Shell.Tests.GoTemplates;

public sealed class GoTemplateTests
{
    private static readonly string[] Tokens =
    [
        "{{", "}}", "{{-", "-}}", ".", ".ID", ".List", ".Map.a", ".Nope", "$", "$x", ":=", "=", ",", "|", "(", ")", "\"a\"", "`b`", "'c'", "1", "-2.5", "0x1f", "true", "nil",
        "if", "else", "end", "range", "with", "break", "continue", "define", "template", "block", "\"t\"", "len", "index", "slice", "printf", "print", "json", "eq", "and", "or",
        "not", "upper", "truncate", "pad", "split", "join", "/*", "*/", " ", "\n", "text", "é",
    ];

    private static readonly Gen<string> Soup = Gen.OneOf(
        Gen.Int[0, Tokens.Length - 1].Select(index => Tokens[index]).Array[0, 30].Select(tokens => string.Join(' ', tokens)),
        Gen.Int[0, Tokens.Length - 1].Select(index => Tokens[index]).Array[0, 8].Select(tokens => $"{{{{{string.Join(' ', tokens)}}}}}"),
        Gen.String[0, 40]);

    private static readonly GoStruct Row = new("*test.row",
    [
        new("ID", () => "b30b0d23eb28"), new("Count", () => 3L), new("List", () => new object?[] { "x", "y" }),
        new("Map", () => new Dictionary<string, object?> { ["a"] = "1", ["b"] = "2" }), new("Nil", () => GoNil.Map),
    ]);

    [Theory]
    [InlineData("{{.ID}} {{upper .ID | printf \"%.3s\"}}", "b30b0d23eb28 B30")]
    [InlineData("{{range $i, $e := .List}}{{if $i}}, {{end}}{{$e}}{{end}}", "x, y")]
    [InlineData("{{range .Nil}}never{{else}}none{{end}} {{.Nil}} {{json .Nil}}", "none map[] null")]
    [InlineData("{{index .Map \"a\"}}{{index .Map \"nosuch\"}} {{.Map.nosuch}}", "1 <no value>")]
    [InlineData("{{define \"t\"}}<{{.}}>{{end}}{{template \"t\" .ID}}{{block \"u\" 1}}[{{.}}]{{end}}", "<b30b0d23eb28>[1]")]
    [InlineData("a {{- /* nothing */ -}} b", "ab")]
    [InlineData("{{with $x := .Count}}{{if and (gt $x 2) (lt $x 4)}}three{{end}}{{end}}", "three")]
    public void A_template_writes_what_Gos_own_writes(string template, string expected) => Assert.Equal(expected, GoTemplate.Parse(template).Execute(Row));

    [Theory]
    [InlineData("{{.ID", "template: :1: unclosed action")]
    [InlineData("{{if .ID}}", "template: :1: unexpected EOF")]
    [InlineData("{{nosuch}}", "template: :1: function \"nosuch\" not defined")]
    [InlineData("\n{{}}", "template: :2: missing value for command")]
    [InlineData("{{$x}}", "template: :1: undefined variable \"$x\"")]
    public void A_malformed_template_is_refused_with_its_line(string template, string message) =>
        Assert.Equal(message, Assert.Throws<TemplateException>(() => GoTemplate.Parse(template)).Message);

    [Theory]
    [InlineData("{{.Nope}}", "template: :1:2: executing \"\" at <.Nope>: can't evaluate field Nope in type *test.row")]
    [InlineData("{{index .List 7}}", "template: :1:2: executing \"\" at <index .List 7>: error calling index: index out of range: 7")]
    [InlineData("{{template \"x\"}}", "template: :1:11: executing \"\" at <{{template \"x\"}}>: template \"x\" not defined")]
    public void What_is_not_there_is_said_with_its_place(string template, string message) =>
        Assert.Equal(message, Assert.Throws<TemplateException>(() => GoTemplate.Parse(template).Execute(Row)).Message);

    [Fact]
    public void A_template_that_calls_itself_for_ever_ends() =>
        Assert.Contains("template depth", Assert.Throws<TemplateException>(() => GoTemplate.Parse("{{define \"t\"}}{{template \"t\"}}{{end}}{{template \"t\"}}").Execute(Row)).Message, StringComparison.Ordinal);

    [Fact]
    public void Any_text_is_carried_out_or_refused() => Soup.Sample(
        text =>
        {
            try
            {
                _ = GoTemplate.Parse(text).Execute(Row);
            }
            catch (TemplateException e)
            {
                Assert.StartsWith("template: :", e.Message, StringComparison.Ordinal);
            }
        },
        iter: 20_000);
}
