using System.Collections.Frozen;
using System.Text.Json;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>
/// Parameters that a translated request has no tensor for: which of them have no effect on the answer (they pass), which
/// values of the others ask for nothing (they count as absent), and which nobody may send (R11, R19).
/// </summary>
internal static class PassiveParameters
{
    /// <summary>Have no effect on what the answer says; also what routing has read already.</summary>
    private static readonly FrozenSet<string> NoEffect = FrozenSet.ToFrozenSet(
        ["model", "stream", "stream_options", "user", "metadata", "store", "service_tier", "safety_identifier",
            "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options", "prediction", "priority", "request_id"],
        StringComparer.Ordinal);

    /// <summary>Choose LoRA adapters, which only the configuration may (R19).</summary>
    private static readonly FrozenSet<string> Adapters = FrozenSet.ToFrozenSet(
        ["lora", "loras", "lora_name", "lora_id", "lora_path", "lora_task_id", "lora_weights", "lora_config",
            "lora_request", "lora_adapter", "lora_adapters", "lora_ckpt_source"],
        StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Func<JsonElement, bool>> Neutral =
        new Dictionary<string, Func<JsonElement, bool>>(StringComparer.Ordinal)
        {
            ["response_format"] = v => IsObject(v) && v.TryGetProperty("type", out var type) && IsText(type, "text"),
            ["tool_choice"] = v => IsText(v, "none") || IsText(v, "auto"),
            ["function_call"] = v => IsText(v, "none") || IsText(v, "auto"),
            // Without tools, which would be refused by name, it says nothing.
            ["parallel_tool_calls"] = v => v.ValueKind is JsonValueKind.True or JsonValueKind.False,
            ["modalities"] = v => v.ValueKind == JsonValueKind.Array && v.EnumerateArray().All(m => IsText(m, "text")),
            ["reasoning_effort"] = v => IsText(v, "none"),
            ["verbosity"] = v => IsText(v, "medium"),
            ["best_of"] = v => IsNumber(v, 1),
            ["use_beam_search"] = v => v.ValueKind == JsonValueKind.False,
            ["beam_width"] = v => IsNumber(v, 1),
            ["early_stopping"] = v => v.ValueKind == JsonValueKind.False,
            ["include_stop_str_in_output"] = v => v.ValueKind == JsonValueKind.False,
            ["spaces_between_special_tokens"] = v => v.ValueKind == JsonValueKind.True,
            ["add_generation_prompt"] = v => v.ValueKind == JsonValueKind.True,
            ["continue_final_message"] = v => v.ValueKind == JsonValueKind.False,
            ["echo"] = v => v.ValueKind == JsonValueKind.False,
            ["truncate"] = v => v.ValueKind == JsonValueKind.False || IsText(v, "NONE"),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether nobody may send it.</summary>
    public static bool IsForbidden(string name, JsonElement value) => Adapters.Contains(name) && !IsEmpty(value);

    /// <summary>Whether leaving it out changes nothing.</summary>
    public static bool IsWithoutEffect(string name, JsonElement value) =>
        NoEffect.Contains(name) || IsEmpty(value) || (Neutral.TryGetValue(name, out var isNeutral) && isNeutral(value));

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => true,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };

    private static bool IsObject(JsonElement value) => value.ValueKind == JsonValueKind.Object;

    private static bool IsText(JsonElement value, string text) =>
        value.ValueKind == JsonValueKind.String && value.ValueEquals(text);

    private static bool IsNumber(JsonElement value, int number) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var actual) && actual == number;
}
