using AiRouter.TritonSimulator;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

/// <summary>What the answer must be: <c>response_format</c> and vLLM's parameters, on their way to the model.</summary>
public sealed class TritonGuideTests
{
    private const string Path = "chat/completions";
    private const string Schema = """{"type":"object","properties":{"a":{"type":"integer"}}}""";

    [Theory]
    [InlineData("response_format",
        """{"type":"json_schema","json_schema":{"name":"s","strict":true,"schema":SCHEMA}}""", "json_schema", Schema)]
    [InlineData("response_format", """{"type":"json_schema","json_schema":{"name":"s","schema":SCHEMA}}""",
        "json_schema", Schema)]
    [InlineData("guided_json", "SCHEMA", "json_schema", Schema)]
    [InlineData("guided_json", "\"{}\"", "json_schema", "{}")]
    [InlineData("guided_regex", "\"a+\"", "regex", "a+")]
    [InlineData("guided_grammar", "\"root ::= \\\"a\\\"\"", "ebnf_grammar", "root ::= \"a\"")]
    [InlineData("structured_outputs", """{"json":SCHEMA,"regex":null}""", "json_schema", Schema)]
    [InlineData("structured_outputs", """{"regex":"b+"}""", "regex", "b+")]
    [InlineData("structured_outputs", """{"grammar":"root ::= \"b\""}""", "ebnf_grammar", "root ::= \"b\"")]
    public async Task Guide_reaches_TensorRT_LLM(string name, string value, string type, string guide)
    {
        await using var router = await StartAsync();
        await router.JsonAsync(Path, Chat("[[say:{}]]", Member(name, value)));
        var sent = router.Sent[0];

        Assert.Equal(type, sent.Input("guided_decoding_guide_type")!.Values[0]);
        Assert.Equal(guide, sent.Input("guided_decoding_guide")!.Values[0]);
    }

    [Theory]
    [InlineData("response_format", """{"type":"json_object"}""")]
    [InlineData("response_format", """{"type":"json_schema","json_schema":{"name":"s"}}""")]
    [InlineData("structured_outputs", """{"json_object":true}""")]
    [InlineData("guided_choice", """["a","b"]""")]
    [InlineData("structured_outputs", """{"choice":["a"]}""")]
    public async Task Every_other_form_reaches_it_too(string name, string value)
    {
        await using var router = await StartAsync();
        await router.JsonAsync(Path, Chat("[[say:{}]]", Member(name, value)));

        Assert.NotNull(router.Sent[0].Input("guided_decoding_guide_type"));
    }

    [Fact]
    public async Task Guide_of_a_legacy_completion_reaches_the_model()
    {
        await using var router = await StartAsync();
        await router.JsonAsync("completions", Completion("[[say:a]]", Member("guided_regex", "\"a+\"")));

        Assert.Equal("a+", router.Sent[0].Input("guided_decoding_guide")!.Values[0]);
    }

    [Theory]
    [InlineData("response_format", """{"type":"json_object"}""")]
    [InlineData("guided_json", "SCHEMA")]
    [InlineData("guided_regex", "\"a+\"")]
    [InlineData("guided_choice", """["a"]""")]
    [InlineData("guided_grammar", "\"root ::= x\"")]
    [InlineData("structured_outputs", """{"regex":"a"}""")]
    public async Task Model_that_cannot_be_guided_gives_400_that_names_the_parameter_even_where_parameters_are_dropped(
        string name, string value)
    {
        await using var router = await StartAsync(
            "  lax: { targets: [ { backend: gpu, model: ensemble } ], unsupportedParameters: drop }",
            options: new SimulatorOptions { Release = "v0.12.0" });
        foreach (var (path, json) in ((string, string)[])
            [
                (Path, Chat("[[say:x]]", Member(name, value))),
                ("completions", Completion("[[say:x]]", Member(name, value))),
                (Path, Chat("[[say:x]]", Member(name, value), "lax")),
            ])
        {
            var error = await router.ErrorAsync(path, json);
            Assert.Equal((400, name, "unsupported_parameter"), (error.Status, error.Param, error.Code));
            Assert.Contains("guided decoding", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(router.Sent);
    }

    [Theory]
    [InlineData("response_format", "\"json\"", "response_format")]
    [InlineData("response_format", "{\"a\":1}", "response_format.type")]
    [InlineData("response_format", """{"type":"json_schema"}""", "response_format.json_schema")]
    [InlineData("response_format", """{"type":"json_schema","json_schema":{"schema":{}}}""",
        "response_format.json_schema.name")]
    [InlineData("response_format", """{"type":"json_schema","json_schema":{"name":"a b","schema":{}}}""",
        "response_format.json_schema.name")]
    [InlineData("response_format", """{"type":"json_schema","json_schema":{"name":"s","schema":1}}""",
        "response_format.json_schema.schema")]
    [InlineData("guided_json", "\"x\"", "guided_json")]
    [InlineData("guided_json", "[1]", "guided_json")]
    [InlineData("guided_regex", "1", "guided_regex")]
    [InlineData("guided_choice", "\"a\"", "guided_choice")]
    [InlineData("guided_choice", "[\"\"]", "guided_choice")]
    [InlineData("guided_grammar", "{\"a\":1}", "guided_grammar")]
    [InlineData("structured_outputs", "\"x\"", "structured_outputs")]
    [InlineData("structured_outputs", """{"regex":1}""", "structured_outputs.regex")]
    [InlineData("structured_outputs", """{"regex":"a","choice":["b"]}""", "structured_outputs.choice")]
    public async Task Wrong_guide_is_400_with_its_path(string name, string value, string param)
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(Path, Chat("x", Member(name, value)));

        Assert.Equal((400, param, null), (error.Status, error.Param, error.Code));
    }

    [Fact]
    public async Task Two_guides_are_400()
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(
            Path, Chat("x", """ "response_format":{"type":"json_object"}, "guided_regex":"a" """));

        Assert.Equal((400, "guided_regex"), (error.Status, error.Param));
    }

    [Fact]
    public async Task Model_that_refuses_a_guide_is_400_by_the_name_that_the_client_used()
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(Path, Chat("x", """ "guided_grammar":"start: x" """));

        Assert.Equal((400, "guided_grammar"), (error.Status, error.Param));
    }

    private static string Member(string name, string value) =>
        $"\"{name}\":{value.Replace("SCHEMA", Schema, StringComparison.Ordinal)}";
}
