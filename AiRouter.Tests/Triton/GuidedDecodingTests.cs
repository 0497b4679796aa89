using System.Text.Json;
using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton;
using AiRouter.Triton.Contract;

namespace AiRouter.Tests.Triton;

/// <summary>What the answer must be, as each family takes it; the releases are in <c>docs/triton-parameters.md</c>.</summary>
public sealed class GuidedDecodingTests
{
    private const string Guided = Configs.Ensemble
        + "\ni guided_decoding_guide_type STRING 1 opt\ni guided_decoding_guide STRING 1 opt";

    private const string Engine = """
        i input_ids INT32 -1 opt
        i input_lengths INT32 1 REQ
        i request_output_len INT32 1 REQ
        o output_ids INT32 -1,-1 REQ
        """;

    [Theory]
    [InlineData(GuideKind.Json, "", "json_schema", """{"type":"object","additionalProperties":true}""")]
    [InlineData(GuideKind.JsonSchema, """{"type": "object"}""", "json_schema", """{"type": "object"}""")]
    [InlineData(GuideKind.Regex, @"(a|b)\d{2}", "regex", @"(a|b)\d{2}")]
    [InlineData(GuideKind.Grammar, "# list\nroot ::= item+\nitem ::= \"a\"", "ebnf_grammar", "# list\nroot ::= item+\nitem ::= \"a\"")]
    [InlineData(GuideKind.Choice, """["yes","no"]""", "regex", "yes|no")]
    [InlineData(
        GuideKind.Choice, """["1+1=2?","a|b","[x]{y}(z)","^$.*\\","é-/\n\""]""", "regex",
        @"1\+1=2\?|a\|b|\[x\]\{y\}\(z\)|\^\$\.\*\\|é-/" + "\n\"")]
    public async Task Ensemble_gets_type_and_guide(GuideKind kind, string guide, string type, string expected)
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Guided, platform: "ensemble"));
        triton.Answer(Responses.Text("x", isFinal: true));

        await triton.RunAsync(With(kind, guide));

        var sent = SentRequest.Single(triton);
        Assert.Equal((type, expected), (sent["guided_decoding_guide_type"], sent["guided_decoding_guide"]));
        Assert.Equal([1, 1], sent.Shape("guided_decoding_guide"));
    }

    [Theory]
    [InlineData("2.59.0", "guided_decoding")]
    [InlineData("2.64.0", "structured_outputs")]
    public async Task Vllm_gets_json_inside_a_text(string version, string member)
    {
        await using var triton = await TritonHarness.StartAsync(Configs.VllmModel);
        triton.Server.Version = version;
        triton.Answer(Responses.Text("x", isFinal: true));
        const string schema = """{"type":"object","properties":{"name":{"type":"string","pattern":"^\"é\\d+$"}}}""";

        await triton.RunAsync(With(GuideKind.JsonSchema, schema));

        using var parameters = JsonDocument.Parse((string)SentRequest.Single(triton)["sampling_parameters"]!);
        using var value = JsonDocument.Parse(parameters.RootElement.GetProperty(member).GetString()!);
        var only = Assert.Single(value.RootElement.EnumerateObject());
        Assert.Equal(("json", schema), (only.Name, only.Value.GetString()));
    }

    [Theory]
    [InlineData("xgrammar", true)]
    [InlineData("${guided_decoding_backend}", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task Engine_without_a_backend_for_it_is_not_asked(string? backend, bool expected)
    {
        var config = Configs.Parse(Guided, platform: "ensemble");
        config.EnsembleScheduling = new ModelEnsembling
        {
            Step = { new ModelEnsembling.Types.Step { ModelName = "trt", InputMap = { ["input_ids"] = "_INPUT_ID" } } },
        };
        await using var triton = await TritonHarness.StartAsync(config);
        var engine = Configs.Parse(Engine, backend: "tensorrtllm");
        if (backend is not null)
        {
            engine.Parameters["guided_decoding_backend"] = new ModelParameter { StringValue = backend };
        }

        triton.Server.Models["trt"] = engine;
        triton.Answer(Responses.Text("x", isFinal: true));
        var model = await triton.Client.GetModelAsync("m", TestContext.Current.CancellationToken);

        var answer = await triton.RunAsync(With(GuideKind.Json, ""));

        Assert.Equal(expected, model.Supports(GenerationParameter.Guide));
        Assert.Equal(expected ? null : TritonFailureKind.Unsupported, answer.Generation.Failure?.Kind);
        Assert.Equal(expected ? 1 : 0, triton.Server.Requests.Count);
    }

    [Fact]
    public void Models_without_a_way_to_take_it_say_so()
    {
        Assert.False(Model(Configs.Parse(Configs.Ensemble)).Supports(GenerationParameter.Guide));
        Assert.False(Model(Configs.Parse(Configs.Ensemble + "\ni guided_decoding_guide STRING 1 opt"))
            .Supports(GenerationParameter.Guide));
        Assert.False(Model(Configs.Parse(Configs.LlmApi, maxBatchSize: 0)).Supports(GenerationParameter.Guide));
        Assert.False(Model(Configs.Parse(Configs.Generic)).Supports(GenerationParameter.Guide));
    }

    [Theory]
    [InlineData(GuideKind.JsonSchema, "")]
    [InlineData(GuideKind.JsonSchema, "{")]
    [InlineData(GuideKind.JsonSchema, "[1]")]
    [InlineData(GuideKind.Regex, "")]
    [InlineData(GuideKind.Regex, "a\0b")]
    [InlineData(GuideKind.Grammar, "")]
    [InlineData(GuideKind.Grammar, "start ::= \"a\"")]
    [InlineData(GuideKind.Choice, "")]
    [InlineData(GuideKind.Choice, "[]")]
    [InlineData(GuideKind.Choice, "null")]
    [InlineData(GuideKind.Choice, """["a",""]""")]
    [InlineData(GuideKind.Choice, """["a",1]""")]
    [InlineData(GuideKind.Choice, """["a",null]""")]
    [InlineData(GuideKind.Choice, "a")]
    public async Task Bad_guide_is_refused_before_it_is_sent(GuideKind kind, string guide)
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Guided));

        var failure = (await triton.RunAsync(With(kind, guide))).Generation.Failure;

        Assert.Equal((TritonFailureKind.InvalidRequest, GenerationParameter.Guide), (failure?.Kind, failure?.Parameter));
        Assert.Empty(triton.Server.Requests);
    }

    private static GenerationRequest With(GuideKind kind, string guide) =>
        TritonHarness.Request with { Guide = new GuidedDecoding(kind, guide) };

    private static AiRouter.Triton.Models.TritonModel Model(ModelConfig config) => new("m", config);
}
