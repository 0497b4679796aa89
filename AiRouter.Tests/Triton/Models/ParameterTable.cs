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
        new("prompt as token ids", request => request with { PromptTokens = [1, 2] }, ""),
    ];

    public static readonly ParameterFamily[] Families =
    [
        new(
            "TensorRT-LLM `ensemble`",
            [.. TensorRtLlm.Prepend("v0.5.0").Select(release => (release, TensorRtLlmReleases.EnsembleOf(release)))]),
        new(
            "TensorRT-LLM `tensorrt_llm_bls`",
            [.. TensorRtLlm.Select(release => (release, TensorRtLlmReleases.BlsOf(release)))]),
        new("LLM-API, vLLM, generic text", [
            ("LLM-API", Configs.Parse(Configs.LlmApi, maxBatchSize: 0)),
            ("vLLM ≤ 24.11", Configs.Parse(Vllm2411, maxBatchSize: 0, backend: "vllm")),
            ("vLLM 24.12", Configs.Parse(Configs.Vllm, maxBatchSize: 0, backend: "vllm")),
            ("vLLM 25.11", Configs.Parse(
                Configs.Vllm + "\ni embedding_request STRING 1 opt", maxBatchSize: 0, backend: "vllm")),
            ("generic text", Configs.Parse(Configs.Generic)),
        ]),
    ];

    private const string Vllm2411 = """
        i text_input STRING 1 REQ
        i stream BOOL 1 opt
        i sampling_parameters STRING 1 opt
        i exclude_input_in_output BOOL 1 opt
        o text_output STRING -1 REQ
        """;

    private static readonly GenerationRequest Plain = TritonHarness.Request with { Seed = 1, Stream = false };

    private static string[] TensorRtLlm => ["v0.7.2", "v0.12.0", "v0.16.0", "v0.19.0", TensorRtLlmReleases.Newest];

    /// <summary>What every request has: its tensors, with values where they are the same for all requests.</summary>
    public static IEnumerable<string> Always(ModelConfig config) =>
        Tensors(config, Base(config))!.Select(tensor => $"`{tensor.Key}` {tensor.Value.Type}");

    /// <summary>
    /// The cell of a parameter: the tensors or JSON members that carry it, with their values; none when refused.
    /// </summary>
    public static IReadOnlyList<SentValue>? Cell(ModelConfig config, ParameterRow row)
    {
        var without = Tensors(config, Base(config))!;
        var with = Tensors(config, row.Change(Base(config)));
        return with is null
            ? null
            : [.. with.Where(tensor => !without.TryGetValue(tensor.Key, out var old) || old.Value != tensor.Value.Value)
                .Select(tensor => tensor.Value)];
    }

    /// <summary>A request with nothing random in it.</summary>
    private static GenerationRequest Base(ModelConfig config) =>
        new TritonModel("m", config).Supports(GenerationParameter.Seed) ? Plain : Plain.Without(GenerationParameter.Seed);

    private static SortedDictionary<string, SentValue>? Tensors(ModelConfig config, GenerationRequest request)
    {
        if (GenerationStart.TryPrepare(new TritonModel("m", config), request, new Random(1), out var start) is { } failure)
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
                tensors[$"{name}.{member.Name}"] = new SentValue($"JSON `{member.Name}`", "(JSON)", member.Value.GetRawText());
            }
        }

        return tensors;
    }

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
internal sealed record ParameterFamily(string Name, (string Release, ModelConfig Config)[] Releases);

/// <summary>A tensor or JSON member as it was sent.</summary>
internal sealed record SentValue(string Name, string Type, string Value)
{
    public override string ToString() => Type == "(JSON)" ? $"{Name} = {Value}" : $"{Name} {Type} = {Value}";
}
