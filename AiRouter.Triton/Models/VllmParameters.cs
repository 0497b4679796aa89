using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace AiRouter.Triton.Models;

/// <summary>
/// Writes vLLM's <c>sampling_parameters</c>. Values have their JSON types: of strings the backend makes numbers only
/// for some members, and <c>"false"</c> is true there.
/// </summary>
internal static class VllmParameters
{
    /// <summary>The parameters; <paramref name="guideMember"/> is what the release calls the guide.</summary>
    public static ReadOnlySpan<byte> Write(GenerationRequest request, string? guideMember)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteNumber("max_tokens", request.MaxTokens);
        WriteNumber(json, "temperature", request.Temperature);
        WriteNumber(json, "top_p", request.TopP);
        WriteNumber(json, "top_k", request.TopK <= 0 ? -1 : request.TopK);
        WriteNumber(json, "min_p", request.MinP);
        WriteNumber(json, "seed", (long?)request.Seed);
        WriteNumber(json, "frequency_penalty", request.FrequencyPenalty);
        WriteNumber(json, "presence_penalty", request.PresencePenalty);
        WriteNumber(json, "repetition_penalty", request.RepetitionPenalty);
        WriteNumber(json, "min_tokens", request.MinTokens);
        WriteBool(json, "ignore_eos", request.IgnoreEos);
        WriteBool(json, "skip_special_tokens", request.SkipSpecialTokens);
        WriteStrings(json, "stop", request.Stop);
        WriteStrings(json, "bad_words", request.BadWords);
        WriteTokens(json, request.StopTokenIds);
        WriteBiases(json, request.LogitBias);
        if (request.LogProbs)
        {
            json.WriteNumber("logprobs", request.TopLogProbs ?? 0);
        }

        if (request.Lora?.Name is { } lora)
        {
            json.WriteString("lora_name", lora);
        }

        if (request.Guide is { } guide && guideMember is not null)
        {
            json.WriteString(guideMember, VllmGuides.Write(guide));
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void WriteBool(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } truth)
        {
            json.WriteBoolean(name, truth);
        }
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteTokens(Utf8JsonWriter json, IReadOnlyList<int> ids)
    {
        if (ids.Count == 0)
        {
            return;
        }

        json.WriteStartArray("stop_token_ids");
        foreach (var id in ids)
        {
            json.WriteNumberValue(id);
        }

        json.WriteEndArray();
    }

    private static void WriteBiases(Utf8JsonWriter json, IReadOnlyDictionary<int, double>? biases)
    {
        if (biases is null or { Count: 0 })
        {
            return;
        }

        json.WriteStartObject("logit_bias");
        foreach (var (id, bias) in biases)
        {
            json.WriteNumber(id.ToString(CultureInfo.InvariantCulture), bias);
        }

        json.WriteEndObject();
    }
}
