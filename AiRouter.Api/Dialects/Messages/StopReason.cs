using System.Text.Json;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>Why an answer ended.</summary>
/// <param name="Name">As Anthropic calls it.</param>
/// <param name="Sequence">The client's stop sequence that ended it, where that is known.</param>
internal readonly record struct StopReason(string Name, string? Sequence)
{
    /// <summary>From what chat says.</summary>
    /// <param name="finish">The finish reason; null: none came.</param>
    /// <param name="matched">What ended it, as servers tell that know (vLLM and SGLang).</param>
    /// <param name="sequences">The client's stop sequences.</param>
    /// <param name="hasCalls">It has calls of tools: OpenAI says <c>stop</c> for those that the client has forced.</param>
    /// <param name="isRefusal">It is a refusal.</param>
    public static StopReason Of(string? finish, string? matched, IReadOnlyList<string> sequences, bool hasCalls, bool isRefusal) =>
        finish switch
        {
            "length" => new StopReason("max_tokens", null),
            "content_filter" => new StopReason("refusal", null),
            _ when isRefusal => new StopReason("refusal", null),
            "tool_calls" or "function_call" => new StopReason("tool_use", null),
            _ when hasCalls => new StopReason("tool_use", null),
            _ when matched is not null && sequences.Contains(matched) => new StopReason("stop_sequence", matched),
            _ => new StopReason("end_turn", null),
        };

    /// <summary>What a choice says about the text that ended it.</summary>
    public static string? MatchedIn(JsonElement choice) =>
        JsonElements.TextIn(choice, "stop_reason") ?? JsonElements.TextIn(choice, "matched_stop");

    /// <summary>Writes its two members.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("stop_reason", Name);
        json.WriteString("stop_sequence", Sequence);
    }
}
