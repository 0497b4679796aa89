using System.Text.Json;

namespace AiRouter.Api.Telemetry.Content;

/// <summary>
/// The messages of an answer: one for each choice of chat or legacy completions, one for all items of a response, a message of Anthropic's
/// itself.
/// </summary>
internal static class OutputMessages
{
    private const string Assistant = "assistant";

    /// <summary>All messages.</summary>
    public static void Write(MessageList list, JsonElement answer)
    {
        foreach (var choice in answer.Items("choices"))
        {
            list.Begin(Assistant);
            list.Text(choice.Text("text"));
            if (choice.Member("message") is { } message)
            {
                InputMessages.WriteParts(list, message);
            }

            list.End(choice.Text("finish_reason"));
        }

        if (answer.Text("type") == "message")
        {
            list.Begin(Assistant);
            InputMessages.WriteParts(list, answer);
            list.End(FinishReason(answer.Text("stop_reason")));
        }

        if (answer.Member("output") is not { ValueKind: JsonValueKind.Array } output)
        {
            return;
        }

        list.Begin(Assistant);
        foreach (var item in output.EnumerateArray())
        {
            ResponseItems.WriteParts(list, item, item.Text("type"));
        }

        list.End(answer.Text("status") == "completed" ? "stop" : answer.Text("status"));
    }

    /// <summary>In the words that all others have for it.</summary>
    private static string? FinishReason(string? stopReason) => stopReason switch
    {
        "end_turn" or "stop_sequence" => "stop",
        "max_tokens" => "length",
        "tool_use" => "tool_calls",
        "refusal" => "content_filter",
        _ => stopReason,
    };
}
