using System.Globalization;
using System.Text.Json;
using AiRouter.TritonSimulator.Guides;

namespace AiRouter.TritonSimulator.Models;

/// <summary>
/// vLLM's sampling parameters, as far as the simulator obeys them. Values of plain types may be strings; an unknown key or a
/// value of a wrong type gives the backend's error, which does not say what was wrong.
/// </summary>
internal sealed class VllmSamplingParameters
{
    private const string Cryptic = "'NoneType' object has no attribute 'lora_name'";

    private static readonly HashSet<string> Numbers =
    [
        "n", "temperature", "top_p", "top_k", "min_p", "seed", "max_tokens", "min_tokens", "logprobs", "prompt_logprobs",
        "presence_penalty", "frequency_penalty", "repetition_penalty", "truncate_prompt_tokens",
    ];

    private static readonly HashSet<string> Flags =
    [
        "ignore_eos", "skip_special_tokens", "include_stop_str_in_output", "detokenize", "spaces_between_special_tokens",
    ];

    private static readonly HashSet<string> Lists = ["stop_token_ids", "bad_words", "allowed_token_ids"];

    private readonly TritonRelease _release;

    private VllmSamplingParameters(TritonRelease release)
    {
        _release = release;
    }

    public string? Error { get; private set; }

    public int MaxTokens { get; private set; } = 16;

    public int MinTokens { get; private set; }

    public bool IgnoreEos { get; private set; }

    public bool KeepStop { get; private set; }

    public int? Logprobs { get; private set; }

    public IReadOnlyList<string> Stops { get; private set; } = [];

    /// <summary>What the answer must be.</summary>
    public Guide? Guide { get; private set; }

    public bool SkipSpecialTokens { get; private set; } = true;

    public static VllmSamplingParameters Parse(string json, TritonRelease release)
    {
        var result = new VllmSamplingParameters(release);
        try
        {
            using var document = JsonDocument.Parse(json);
            result.Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            result.Error = exception.Message;
        }

        return result;
    }

    /// <summary>From request parameters; they reach the backend as JSON values too.</summary>
    public static VllmSamplingParameters From(IReadOnlyDictionary<string, object> parameters, TritonRelease release)
    {
        var own = parameters.Where(parameter => !parameter.Key.StartsWith("triton_", StringComparison.Ordinal));
        return Parse(JsonSerializer.Serialize(own.ToDictionary()), release);
    }

    private void Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.EnumerateObject().All(Take) || !InRange(root))
        {
            Error = Cryptic;
        }
    }

    private bool Take(JsonProperty property)
    {
        var (name, value) = (property.Name, property.Value);
        if (value.ValueKind == JsonValueKind.Null)
        {
            return Numbers.Contains(name) || Flags.Contains(name) || Lists.Contains(name) || name is "stop" or "logit_bias";
        }

        if (Numbers.Contains(name))
        {
            return Number(value) is { } number && Set(name, number);
        }

        if (Flags.Contains(name))
        {
            // Python: every string but the empty one is true.
            var set = value.ValueKind is JsonValueKind.True || (value.ValueKind is JsonValueKind.String && value.GetString() != "");
            IgnoreEos |= set && name == "ignore_eos";
            KeepStop |= set && name == "include_stop_str_in_output";
            SkipSpecialTokens &= set || name != "skip_special_tokens";
            return value.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.String;
        }

        return name switch
        {
            "stop" => SetStops(value),
            "logit_bias" => value.ValueKind is JsonValueKind.Object,
            "lora_name" => SetLora(),
            _ when name == _release.GuideMember => SetGuide(value),
            _ => Lists.Contains(name) && value.ValueKind is JsonValueKind.Array,
        };
    }

    private bool Set(string name, double number)
    {
        switch (name)
        {
            case "max_tokens":
                MaxTokens = (int)number;
                return number >= 1;
            case "min_tokens":
                MinTokens = (int)number;
                return number >= 0;
            case "logprobs":
                Logprobs = (int)number;
                return number >= 0;
            default:
                return true;
        }
    }

    /// <summary>The ranges that vLLM checks when it makes its parameters.</summary>
    private static bool InRange(JsonElement root)
    {
        return Within(root, "temperature", 0, double.MaxValue)
            && Within(root, "top_p", double.Epsilon, 1)
            && Within(root, "min_p", 0, 1)
            && Within(root, "top_k", -1, int.MaxValue)
            && Within(root, "n", 1, int.MaxValue)
            && Within(root, "presence_penalty", -2, 2)
            && Within(root, "frequency_penalty", -2, 2)
            && Within(root, "repetition_penalty", double.Epsilon, double.MaxValue);
    }

    private static bool Within(JsonElement root, string name, double least, double most)
    {
        return !root.TryGetProperty(name, out var value)
            || value.ValueKind == JsonValueKind.Null
            || (Number(value) is { } number && number >= least && number <= most);
    }

    private bool SetStops(JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.String)
        {
            Stops = [value.GetString()!];
            return true;
        }

        if (value.ValueKind is not JsonValueKind.Array
            || !value.EnumerateArray().All(stop => stop.ValueKind is JsonValueKind.String))
        {
            return false;
        }

        Stops = [.. value.EnumerateArray().Select(stop => stop.GetString()!)];
        return true;
    }

    private bool SetGuide(JsonElement value)
    {
        Guide = VllmGuide.Read(value, out var refused);
        Error ??= refused;
        return Guide is not null || refused is not null;
    }

    private bool SetLora()
    {
        Error = "LoRA feature is not enabled.";
        return true;
    }

    private static double? Number(JsonElement value)
    {
        return value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.String when double.TryParse(
                value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };
    }
}
