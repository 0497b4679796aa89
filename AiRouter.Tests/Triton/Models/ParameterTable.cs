using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton;
using AiRouter.Triton.Contract;
using AiRouter.Triton.Models;

namespace AiRouter.Tests.Triton.Models;

/// <summary>
/// How each parameter is sent to each release of each family, found out from encoded requests: what differs from the
/// same request without the parameter.
/// </summary>
internal static class ParameterTable
{
    public static readonly ParameterRow[] Rows =
    [
        new("`stream: true`", request => request with { Stream = true }, "true"),
        new("`temperature: 0.5`", request => request with { Temperature = 0.5 }, "0.5"),
        new("`temperature: 0`", request => request with { Temperature = 0 }, "1", "0"),
        new("`top_p: 0.25`", request => request with { TopP = 0.25 }, "0.25"),
        new("`top_k: 40`", request => request with { TopK = 40 }, "40"),
        new("`min_p: 0.125`", request => request with { MinP = 0.125 }, "0.125"),
        new("`seed: 7`", request => request with { Seed = 7 }, "7"),
        new("`stop: [\"a\",\"b\"]`", request => request with { Stop = ["a", "b"] }, "[\"a\",\"b\"]"),
        new("`stop_token_ids: [5]`", request => request with { StopTokenIds = [5] }, "[5]"),
        new("`bad_words: [\"c\"]`", request => request with { BadWords = ["c"] }, "[\"c\"]"),
        new("`frequency_penalty: 0.5`", request => request with { FrequencyPenalty = 0.5 }, "0.5"),
        new("`presence_penalty: 0.5`", request => request with { PresencePenalty = 0.5 }, "0.5"),
        new("`repetition_penalty: 1.5`", request => request with { RepetitionPenalty = 1.5 }, "1.5"),
        new("`length_penalty: 1.5`", request => request with { LengthPenalty = 1.5 }, "1.5"),
        new("`min_tokens: 3`", request => request with { MinTokens = 3 }, "3"),
        new("`ignore_eos: true`", request => request with { IgnoreEos = true }, "true"),
        new("`skip_special_tokens: false`", request => request with { SkipSpecialTokens = false }, "false"),
        new(
            "`logit_bias: {\"42\": -5}`",
            request => request with { LogitBias = new Dictionary<int, double> { [42] = -5 } },
            "{\"42\":-5}"),
        new("`logprobs: true`", request => request with { LogProbs = true }, "0"),
        new("`top_logprobs: 2`", request => request with { LogProbs = true, TopLogProbs = 2 }, "2"),
        new("LoRA adapter (R19)", request => request with { Lora = new LoraSelection("ada", 9, "/loras/ada") }, "9", "ada"),
        new(
            "`response_format: json_object`",
            request => request with { Guide = new GuidedDecoding(GuideKind.Json, "") },
            "json_schema",
            "{\"json_object\":true}"),
        new(
            "`response_format: json_schema`",
            request => request with { Guide = new GuidedDecoding(GuideKind.JsonSchema, "{\"type\":\"array\"}") },
            "{\"type\":\"array\"}",
            "{\"json\":\"{\\\"type\\\":\\\"array\\\"}\"}"),
        new(
            "`guided_regex: \"\\d+\"`",
            request => request with { Guide = new GuidedDecoding(GuideKind.Regex, "\\d+") },
            "\\d+",
            "{\"regex\":\"\\\\d+\"}"),
        new(
            "`guided_choice: [\"a\",\"b.\"]`",
            request => request with { Guide = new GuidedDecoding(GuideKind.Choice, "[\"a\",\"b.\"]") },
            "a|b\\.",
            "{\"choice\":[\"a\",\"b.\"]}"),
        new(
            "`guided_grammar: root ::= [0-9]`",
            request => request with { Guide = new GuidedDecoding(GuideKind.Grammar, "root ::= [0-9]") },
            "root ::= [0-9]",
            "{\"grammar\":\"root ::= [0-9]\"}"),
        new(
            "an image",
            request => request with { Images = [new byte[] { 1, 2, 3 }] },
            "AQID",
            "data:image/jpeg;base64,AQID"),
        new("prompt as token ids", request => request with { PromptTokens = [1, 2] }, ""),
    ];

    public static readonly ParameterFamily[] Families =
    [
        new(
            "TensorRT-LLM `ensemble`",
            [.. TensorRtLlm.Prepend("v0.5.0").Select(
                release => (release, new TritonModel("m", TensorRtLlmReleases.EnsembleOf(release))))]),
        new(
            "TensorRT-LLM `tensorrt_llm_bls`",
            [.. TensorRtLlm.Select(release => (release, Bls(release)))]),
        new("LLM-API, vLLM, generic text", [
            ("LLM-API", new TritonModel("m", Configs.Parse(Configs.LlmApi, maxBatchSize: 0))),
            ("vLLM ≤ 24.11", Vllm(Vllm2411, "2.52.0")),
            ("vLLM 24.12", Vllm(Vllm2412, "2.53.0")),
            ("vLLM 25.01", Vllm(Vllm2412, "2.54.0")),
            ("vLLM 25.11", Vllm(Vllm2412 + "\ni embedding_request STRING 1 opt", "2.63.0")),
            ("generic text", new TritonModel("m", Configs.Parse(Configs.Generic))),
        ]),
    ];

    private const string Vllm2411 = """
        i text_input STRING 1 REQ
        i stream BOOL 1 opt
        i sampling_parameters STRING 1 opt
        i exclude_input_in_output BOOL 1 opt
        o text_output STRING -1 REQ
        """;

    private const string Vllm2412 = Configs.Vllm + "\ni image STRING -1 opt";

    private static readonly GenerationRequest Plain = TritonHarness.Request with { Seed = 1, Stream = false };

    private static string[] TensorRtLlm => ["v0.7.2", "v0.12.0", "v0.16.0", "v0.19.0", TensorRtLlmReleases.Newest];

    private static TritonModel Bls(string release)
    {
        var config = TensorRtLlmReleases.BlsOf(release);
        config.Parameters["multimodal_encoders_name"] = new ModelParameter { StringValue = "multimodal_encoders" };
        return new TritonModel("m", config);
    }

    private static TritonModel Vllm(string config, string serverVersion) => new(
        "m",
        Configs.Parse(config, maxBatchSize: 0, backend: "vllm"),
        new ModelSurroundings { ServerVersion = Version.Parse(serverVersion) });

    /// <summary>What every request has: its tensors, with values where they are the same for all requests.</summary>
    public static IEnumerable<string> Always(TritonModel model) =>
        Tensors(model, Base(model))!.Select(tensor => $"`{tensor.Key}` {tensor.Value.Type}");

    /// <summary>
    /// The cell of a parameter: the tensors or JSON members that carry it, with their values; none when refused.
    /// </summary>
    public static IReadOnlyList<SentValue>? Cell(TritonModel model, ParameterRow row)
    {
        var without = Tensors(model, Base(model))!;
        var with = Tensors(model, row.Change(Base(model)));
        return with is null
            ? null
            : [.. with.Where(tensor => !without.TryGetValue(tensor.Key, out var old) || old.Value != tensor.Value.Value)
                .Select(tensor => tensor.Value)];
    }

    /// <summary>A request with nothing random in it.</summary>
    private static GenerationRequest Base(TritonModel model) =>
        model.Supports(GenerationParameter.Seed) ? Plain : Plain.Without(GenerationParameter.Seed);

    private static SortedDictionary<string, SentValue>? Tensors(TritonModel model, GenerationRequest request)
    {
        if (GenerationStart.TryPrepare(model, request, new Random(1), out var start) is { } failure)
        {
            Assert.Equal(TritonFailureKind.Unsupported, failure.Kind);
            Assert.NotNull(failure.Parameter);
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        start!.Request.WriteTo(buffer);
        var sent = new SentRequest(ModelInferRequest.Parser.ParseFrom(buffer.WrittenSpan));
        var tensors = new SortedDictionary<string, SentValue>(StringComparer.Ordinal);
        foreach (var name in sent.Names)
        {
            if (name != "sampling_parameters")
            {
                var type = $"{sent.Type(name)} [{string.Join(',', sent.Shape(name))}]";
                tensors[name] = new SentValue($"`{name}`", type, Show(sent[name]));
                continue;
            }

            using var json = JsonDocument.Parse((string)sent[name]!);
            foreach (var member in json.RootElement.EnumerateObject())
            {
                tensors[$"{name}.{member.Name}"] = new SentValue($"JSON `{member.Name}`", "(JSON)", Show(member.Value));
            }
        }

        return tensors;
    }

    /// <summary>A member's value; a text that is JSON itself as that JSON.</summary>
    private static string Show(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString()!.StartsWith('{')
            ? value.GetString()!
            : value.GetRawText();

    private static string Show(object? value) => value switch
    {
        bool truth => truth ? "true" : "false",
        string[] texts => JsonSerializer.Serialize(texts),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}

/// <summary>
/// A parameter with an example value, and what that value looks like where it is sent (one or the other form).
/// </summary>
internal sealed record ParameterRow(
    string Label, Func<GenerationRequest, GenerationRequest> Change, string Expected, string? OrExpected = null);

/// <summary>A table: a family, and the configuration of each of its releases.</summary>
internal sealed record ParameterFamily(string Name, (string Release, TritonModel Model)[] Releases);

/// <summary>A tensor or JSON member as it was sent.</summary>
internal sealed record SentValue(string Name, string Type, string Value)
{
    public override string ToString() => Type == "(JSON)" ? $"{Name} = {Value}" : $"{Name} {Type} = {Value}";
}
