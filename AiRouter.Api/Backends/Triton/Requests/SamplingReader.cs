using System.Globalization;
using System.Text.Json;
using AiRouter.Api.Telemetry;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>
/// Reads what chat and legacy completions have in common. Neutral values become absent (R11), so that a model without a
/// tensor for them is not asked for one.
/// </summary>
internal static class SamplingReader
{
    private const int MostStops = 16;
    private const int MostStopBytes = 1024;
    private const int MostBadWords = 256;

    /// <summary>The stop texts (R16).</summary>
    public static IReadOnlyList<string> ReadStop(MemberReader reader) => reader.Words("stop", MostStops, MostStopBytes);

    /// <summary>How many choices (R13).</summary>
    public static int ReadN(MemberReader reader, Translation translation)
    {
        var n = reader.Integer("n", 1) ?? 1;
        if (n > translation.Model.MaxN)
        {
            reader.Fail("n", $"Invalid 'n': this model gives at most {translation.Model.MaxN} choices, you asked for {n}.");
        }

        return n;
    }

    /// <summary>Everything that goes to the model besides the prompt.</summary>
    /// <param name="reader">The members.</param>
    /// <param name="translation">What the values depend on.</param>
    /// <param name="stop">The client's stop texts.</param>
    /// <param name="tokenLimit">What the client called its token limit; null when it named none.</param>
    public static GenerationRequest Read(
        MemberReader reader, Translation translation, IReadOnlyList<string> stop, out string? tokenLimit)
    {
        var maxTokens = ReadMaxTokens(reader, translation, out tokenLimit);
        var minTokens = NotNeutral(reader.Integer("min_tokens", 0), 0);
        if (minTokens > maxTokens)
        {
            reader.Fail("min_tokens", $"Invalid 'min_tokens': {minTokens} is more than the token limit, {maxTokens}.");
        }

        var http = translation.Exchange.Http;
        var (traceParent, traceState) = TraceContext.Of(http);
        return new GenerationRequest
        {
            Prompt = default,
            RequestId = translation.Exchange.RequestId,
            TraceParent = traceParent,
            TraceState = traceState,
            MaxTokens = maxTokens,
            MinTokens = minTokens,
            Temperature = NotNeutral(reader.Number("temperature", 0, 2), 1),
            TopP = NotNeutral(reader.Number("top_p", 0, 1), 1),
            TopK = reader.Integer("top_k", -1) is > 0 and var topK ? topK : null,
            MinP = NotNeutral(reader.Number("min_p", 0, 1), 0),
            PresencePenalty = NotNeutral(reader.Number("presence_penalty", -2, 2), 0),
            FrequencyPenalty = NotNeutral(reader.Number("frequency_penalty", -2, 2), 0),
            RepetitionPenalty = NotNeutral(reader.Number("repetition_penalty", 0.01, 100), 1),
            LengthPenalty = NotNeutral(reader.Number("length_penalty", -100, 100), 1),
            Seed = ReadSeed(reader),
            Stop = [.. stop.Concat(translation.SentEndTokens).Distinct(StringComparer.Ordinal)],
            StopTokenIds = reader.TokenIds("stop_token_ids"),
            BadWords = reader.Words("bad_words", MostBadWords, MostStopBytes),
            IgnoreEos = NotNeutral(reader.Flag("ignore_eos"), false),
            SkipSpecialTokens = NotNeutral(reader.Flag("skip_special_tokens"), true),
            LogitBias = ReadLogitBias(reader),
            Lora = translation.Target.Lora is { } lora ? new LoraSelection(lora.Name, lora.Id, lora.Path) : null,
            TextMode = translation.Target.StreamText ?? translation.Model.StreamText,
        };
    }

    /// <summary>
    /// What is left over has no tensor: it has no effect, or asks for nothing, or is refused or left out (R11). Adapters are
    /// always refused (R19).
    /// </summary>
    public static void ReadRest(MemberReader reader, Translation translation)
    {
        foreach (var (name, value) in reader.Rest)
        {
            if (PassiveParameters.IsForbidden(name, value))
            {
                reader.Fail(
                    name, $"Invalid parameter: '{name}'. LoRA adapters are chosen by the name of the model.");
            }
            else if (!PassiveParameters.IsWithoutEffect(name, value))
            {
                RejectOrDrop(reader, translation, name);
            }
        }
    }

    /// <summary>One parameter that the backend cannot do (R11).</summary>
    public static void RejectOrDrop(MemberReader reader, Translation translation, string path, string? why = null)
    {
        if (translation.Unsupported.Add(path, why) is { } error)
        {
            reader.Fail(path, error.Message, error.Cause);
        }
    }

    /// <summary>What the backend cannot do and no request does without (<see cref="UnsupportedList.Refuse"/>).</summary>
    public static void Reject(MemberReader reader, Translation translation, string path, string? why = null)
    {
        var error = translation.Unsupported.Refuse(path, why);
        reader.Fail(path, error.Message, error.Cause);
    }

    /// <summary>The effective token limit (R9): never the backend's own.</summary>
    private static int ReadMaxTokens(MemberReader reader, Translation translation, out string? name)
    {
        var limits = translation.Model.MaxTokens;
        var newName = reader.Integer("max_completion_tokens", 1);
        var oldName = reader.Integer("max_tokens", 1);
        name = newName is not null ? "max_completion_tokens" : oldName is not null ? "max_tokens" : null;
        if ((newName ?? oldName) is not { } asked)
        {
            var limit = limits.Default ?? translation.Server.DefaultMaxTokens;
            return Math.Min(limit, limits.Max ?? limit);
        }

        if (asked > limits.Max)
        {
            reader.Fail(name!, $"Invalid '{name}': this model generates at most {limits.Max} tokens, you asked for {asked}.");
        }

        return asked;
    }

    /// <summary>A negative seed keeps its lower 63 bits: vLLM takes no more than an int64 can hold.</summary>
    private static ulong? ReadSeed(MemberReader reader) =>
        reader.Long("seed", long.MinValue, long.MaxValue) is { } seed ? (ulong)(seed & long.MaxValue) : null;

    private static Dictionary<int, double>? ReadLogitBias(MemberReader reader)
    {
        if (reader.Take("logit_bias") is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            reader.FailType("logit_bias", "an object", value);
            return null;
        }

        var biases = new Dictionary<int, double>();
        foreach (var property in value.EnumerateObject())
        {
            if (!int.TryParse(property.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var token) ||
                property.Value.ValueKind != JsonValueKind.Number ||
                property.Value.GetDouble() is not (>= -100 and <= 100 and var bias))
            {
                reader.Fail("logit_bias", "Invalid 'logit_bias': expected token ids with numbers from -100 to 100.");
                return null;
            }

            if (bias != 0)
            {
                biases[token] = bias;
            }
        }

        return biases.Count == 0 ? null : biases;
    }

    private static T? NotNeutral<T>(T? value, T neutral)
        where T : struct => EqualityComparer<T?>.Default.Equals(value, neutral) ? null : value;
}
