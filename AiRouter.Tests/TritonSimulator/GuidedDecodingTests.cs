using System.Text;
using AiRouter.Triton;
using AiRouter.TritonSimulator;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.TritonSimulator;

/// <summary>What an answer must be: validated as the backends do, answered with a text that fits.</summary>
public sealed class GuidedDecodingTests
{
    private const string Person = """
        {"type":"object","properties":{"name":{"type":"string","minLength":2,"maxLength":3},"age":{"type":"integer",
        "minimum":18},"tags":{"type":"array","items":{"enum":["a","b"]}},"home":{"$ref":"#/$defs/home"},"extra":{"type":"null"}},
        "required":["name","age","tags","home"],"$defs":{"home":{"type":"object","properties":{"zip":{"type":"string",
        "pattern":"^[0-9]{5}$"},"kind":{"const":"flat"}},"required":["zip","kind"]}}}
        """;

    private const string PersonAnswer =
        """{"name":"tex","age":18,"tags":["a"],"home":{"zip":"00000","kind":"flat"}}""";

    [Theory]
    [InlineData("json", null, "{}")]
    [InlineData("json_schema", Person, PersonAnswer)]
    [InlineData("json_schema", """{"anyOf":[{"type":"string","format":"date"},{"type":"null"}]}""", "\"2026-01-15\"")]
    [InlineData("json_schema", """{"type":["null","number"],"exclusiveMinimum":4}""", "5")]
    [InlineData("regex", @"(Mr|Mrs)\.? [A-Z][a-z]+", "Mr Aa")]
    [InlineData("regex", "yes|no", "yes")]
    [InlineData("regex", @"\d{3}-\d{4}", "000-0000")]
    [InlineData("unknown", "x", "This is the Triton simulator.")]
    public async Task Engine_answers_with_a_text_that_fits(string type, string? guide, string expected)
    {
        await using var client = await SimulatorClient.StartAsync();
        foreach (var model in (string[])["ensemble", "tensorrt_llm_bls"])
        {
            var request = Requests.For(model).Text("text_input", [1, 1], "x").Int32("max_tokens", [1, 1], 200)
                .Flag("exclude_input_in_output", [1, 1]).Text("guided_decoding_guide_type", [1, 1], type);
            if (guide is not null)
            {
                request.Text("guided_decoding_guide", [1, 1], guide);
            }

            Assert.StartsWith(expected, (await client.StreamAsync(request)).Texts()[0], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"json_object":true}""", "{}")]
    [InlineData("""{"json":"{\"type\":\"boolean\"}"}""", "true")]
    [InlineData("""{"json":{"type":"boolean"}}""", "true")]
    [InlineData("""{"regex":"[ab]+c?"}""", "a")]
    [InlineData("""{"choice":["red","green"]}""", "red")]
    public async Task Vllm_answers_with_a_text_that_fits(string guide, string expected)
    {
        foreach (var (release, member) in ((string, string)[])
            [("25.01", "guided_decoding"), ("25.10", "guided_decoding"), ("25.11", "structured_outputs")])
        {
            await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { TritonRelease = release });

            var responses = await client.StreamAsync(Requests.Vllm("x", Parameters(member, guide)));

            Assert.Equal(expected, string.Concat(responses.Texts()));
        }
    }

    [Fact]
    public async Task Script_goes_before_the_guide()
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(
            Requests.Vllm("[[say:no JSON]]", Parameters("guided_decoding", """{"json_object":true}""")));

        Assert.Equal("no JSON", string.Concat(responses.Texts()));
    }

    [Theory]
    [InlineData("24.12", "guided_decoding", """{"json_object":true}""", "'NoneType' object has no attribute 'lora_name'")]
    [InlineData("25.06", "structured_outputs", """{"json_object":true}""", "'NoneType' object has no attribute 'lora_name'")]
    [InlineData("25.11", "guided_decoding", """{"json_object":true}""", "'NoneType' object has no attribute 'lora_name'")]
    [InlineData("25.06", "guided_decoding", """{"schema":"{}"}""", "'NoneType' object has no attribute 'lora_name'")]
    [InlineData("25.06", "guided_decoding", """{"regex":"a","grammar":"b"}""", "'NoneType' object has no attribute 'lora_name'")]
    [InlineData("25.06", "guided_decoding", "no JSON", "'NoneType' object has no attribute 'lora_name'")]
    [InlineData("25.06", "guided_decoding", """{"json":"{"}""", "Invalid JSON grammar specification.")]
    [InlineData("25.06", "guided_decoding", """{"choice":[]}""", "Choice '[]' cannot be an empty list")]
    [InlineData("25.06", "guided_decoding", """{"regex":"(a"}""", "Failed to transform regex into a grammar: ")]
    [InlineData("25.06", "guided_decoding", """{"grammar":"root ::= \"a\""}""", "the simulator has no model and makes no text for a grammar")]
    public async Task Vllm_refuses_in_its_own_words(string release, string member, string guide, string expected)
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { TritonRelease = release });

        var error = await client.ErrorAsync(Requests.Vllm("x", Parameters(member, guide)));

        Assert.StartsWith("Error generating stream: " + expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vllm_takes_the_guide_as_a_text_only()
    {
        await using var client = await SimulatorClient.StartAsync();

        var error = await client.ErrorAsync(
            Requests.Vllm("x", """{"guided_decoding": {"json_object": true}}"""));

        Assert.EndsWith("'NoneType' object has no attribute 'lora_name'", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json", null, false, "GuidedDecoder is not setup")]
    [InlineData("regex", null, true, "The guide string must be provided unless using GuideType::kJSON")]
    [InlineData("json_schema", "{", true, "Failed to parse JSON")]
    [InlineData("regex", "(a", true, "Regex parsing error")]
    [InlineData("ebnf_grammar", "root ::= \"a\"", true, "the simulator has no model")]
    public async Task Engine_refuses_in_its_own_words(string type, string? guide, bool isSetUp, string expected)
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { GuidedDecoding = isSetUp });
        var request = Requests.Ensemble("x").Text("guided_decoding_guide_type", [1, 1], type);

        var error = await client.ErrorAsync(
            guide is null ? request : request.Text("guided_decoding_guide", [1, 1], guide));

        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ensemble", "25.06")]
    [InlineData("tensorrt_llm_bls", "25.06")]
    [InlineData("vllm_model", "25.06")]
    [InlineData("vllm_model", "26.03")]
    public async Task Client_and_simulator_agree(string name, string release)
    {
        var token = TestContext.Current.CancellationToken;
        await using var triton = await SimulatedTriton.StartAsync(
            new SimulatorOptions { TritonRelease = release }, cancellationToken: token);
        await using var client = new TritonClient(
            new TritonClientOptions { Address = triton.Address }, TimeProvider.System, NullLoggerFactory.Instance);
        var model = await client.GetModelAsync(name, token);

        Assert.Equal(PersonAnswer, await TextAsync(new GuidedDecoding(GuideKind.JsonSchema, Person)));
        Assert.Equal("{}", await TextAsync(new GuidedDecoding(GuideKind.Json, "")));
        Assert.Equal("a+b (1)", await TextAsync(new GuidedDecoding(GuideKind.Choice, """["a+b (1)","c"]""")));
        Assert.Equal("07", await TextAsync(new GuidedDecoding(GuideKind.Regex, "07|08")));

        async Task<string> TextAsync(GuidedDecoding guide)
        {
            await using var generation = client.Generate(
                model,
                new GenerationRequest
                {
                    Prompt = "x"u8.ToArray(),
                    MaxTokens = 200,
                    RequestId = "r",
                    Stream = true,
                    Guide = guide,
                },
                token);
            var text = new StringBuilder();
            while (await generation.ReadAsync(token))
            {
                text.Append(Encoding.UTF8.GetString(generation.Text.Span));
            }

            Assert.Null(generation.Failure);
            return text.ToString();
        }
    }

    private static string Parameters(string member, string guide)
    {
        return $$"""{"max_tokens": 100, "{{member}}": {{System.Text.Json.JsonSerializer.Serialize(guide)}}}""";
    }
}
