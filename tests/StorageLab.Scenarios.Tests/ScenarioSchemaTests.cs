using System.Text.Json.Nodes;
using StorageLab.Scenarios.Yaml;
using Xunit;

namespace StorageLab.Scenarios.Tests;

public sealed class ScenarioSchemaTests
{
    private static readonly SchemaValidator Schema = new((JsonObject)JsonNode.Parse(ScenarioSchema.ToJson())!);

    private static YamlNode Tree(string text)
    {
        ProblemList problems = new("test.yaml");
        YamlNode? tree = YamlTreeReader.Read(text, problems);
        problems.ThrowIfAny();
        return tree!;
    }

    [Fact]
    public void The_shipped_schema_is_what_the_readers_tables_say()
    {
        string path = Path.Combine(ScenarioLibrary.Shipped.Folder, "scenario.schema.json");
        Assert.True(ScenarioSchema.ToJson() == File.ReadAllText(path), "run: storagelab schema > scenarios/scenario.schema.json");
    }

    [Theory]
    [MemberData(nameof(ShippedScenarioTests.Names), MemberType = typeof(ShippedScenarioTests))]
    public void Every_shipped_scenario_conforms(string name) =>
        Assert.Empty(Schema.Errors(Tree(File.ReadAllText(ScenarioLibrary.Shipped.FindScenario(name)))));

    [Theory]
    [InlineData("titel: T\nsteps: [observe]", "$: unknown key titel")]
    [InlineData("title: T\nsteps: [{pull: a, rm: b}]", "not one word")]
    [InlineData("title: T\nsteps: [{write: {in: c, path: data, size: 1}}]", "does not match")]
    [InlineData("title: T\nhosts: {h: {disc: 1}}\nsteps: [observe]", "unknown key disc")]
    [InlineData("title: T\ndrivers: [{driver: overlay3}]\nsteps: [observe]", "not one of the words")]
    [InlineData("title: T\nsteps: [wait: soon]", "does not match")]
    public void What_the_reader_refuses_the_schema_refuses_too(string text, string error)
    {
        Assert.Contains(Schema.Errors(Tree(text)), found => found.Contains(error, StringComparison.Ordinal));
        Assert.NotEmpty(ScenarioText.ProblemsOf(text));
    }
}
