using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Configuration;

/// <summary>Where in a text the things are that problems name.</summary>
public sealed class WrittenConfigurationTests
{
    [Fact]
    public void Problems_of_yaml_have_line_and_column()
    {
        var written = WrittenConfiguration.OfYaml(
            """
            backends:
              gpu-1: { kind: tritn, url: http://a:8001 }
            models:
              llama:
                targets:
                  - { backend: gpu-1, weight: 1001 }
            sever: {}
            """,
            "text");

        Assert.Equal(
            [("backends.gpu-1.kind", 2, 12), ("models.llama.targets[0].weight", 6, 27), ("sever", 7, 1)],
            written.Problems.Select(static p => (p.Path, p.Place!.Value.Line, p.Place.Value.Column)));
        Assert.Null(written.Config);
        Assert.NotNull(written.Readable);
    }

    [Fact]
    public void Problems_of_json_have_line_and_column_in_characters()
    {
        var written = WrittenConfiguration.OfJson("{\n  \"größe\": 1, \"models\": 2 }", "text");

        Assert.Equal(
            [("größe", 2, 3), ("models", 2, 15)],
            written.Problems.Select(static p => (p.Path.Trim('[', ']', '"'), p.Place!.Value.Line, p.Place.Value.Column)));
    }

    [Theory]
    [InlineData("a: [", 2, 1)]
    [InlineData("models:\n  m: {}\n bad", 3, 2)]
    [InlineData("models:\n  a: &x [*x]", 2, 10)]
    public void Text_that_is_no_yaml_is_told_where_it_breaks(string text, int line, int column)
    {
        var written = WrittenConfiguration.OfYaml(text, "text");

        var problem = Assert.Single(written.Problems);
        Assert.Equal((line, column), (problem.Place!.Value.Line, problem.Place.Value.Column));
        Assert.Null(written.Readable);
    }

    [Theory]
    [InlineData("backends.up.url", 2)]
    [InlineData("backends.up.headers[\"x-a\"]", 2)]
    [InlineData("models[\"m.1/x\"].targets[1].backend", 7)]
    [InlineData("models[\"m.1/x\"].targets[9]", 5)]
    [InlineData("models[\"m.1/x\"]", 4)]
    [InlineData("models.m.targets", 3)]
    [InlineData("models[\"a\"].b\"].targets", 8)]
    [InlineData("models.x*", 9)]
    [InlineData("limits.budget", 1)]
    public void Problem_found_later_is_at_its_value_or_at_what_is_around_it(string path, int line)
    {
        var written = WrittenConfiguration.OfYaml(
            """
            backends:
              up: { url: http://a }
            models:
              m.1/x:
                targets:
                  - backend: up
                  - { model: y, backend: no }
              'a"].b': { targets: [ { backend: up } ] }
              x*: { targets: [ { backend: up } ] }
            """,
            "text");
        Assert.Empty(written.Problems);

        var problem = Assert.Single(written.Locate([new ConfigurationProblem(path, "wrong", null)]));

        Assert.Equal(line, problem.Place!.Value.Line);
    }

    [Fact]
    public void Problem_of_the_whole_document_has_no_place()
    {
        var written = WrittenConfiguration.OfYaml("models: {}", "text");

        Assert.Null(Assert.Single(written.Locate([new ConfigurationProblem("", "wrong", null)])).Place);
    }
}
