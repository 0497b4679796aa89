using System.Text.Json;

namespace AiRouter.Api.Telemetry.Content;

/// <summary>Items of the Responses API, which are messages, calls, results and reasoning side by side.</summary>
internal static class ResponseItems
{
    /// <summary>An item of the request: each is a message of its own.</summary>
    public static void WriteInput(MessageList list, JsonElement item)
    {
        var type = item.Text("type");
        list.Begin(type switch
        {
            "function_call" or "reasoning" => "assistant",
            "function_call_output" => "tool",
            _ => item.Text("role") ?? "user",
        });
        WriteParts(list, item, type);
        list.End();
    }

    /// <summary>What an item brings to a message.</summary>
    public static void WriteParts(MessageList list, JsonElement item, string? type)
    {
        switch (type)
        {
            case "function_call":
                list.Call(item.Text("call_id"), item.Text("name"), item.Text("arguments"));
                break;
            case "function_call_output":
                list.CallResponse(item.Text("call_id"), TextOf(item.Member("output")));
                break;
            case "reasoning":
                foreach (var summary in item.Items("summary").Concat(item.Items("content")))
                {
                    list.Text(summary.Text("text"), "reasoning");
                }

                break;
            default:
                InputMessages.WriteParts(list, item);
                break;
        }
    }

    /// <summary>The text of a value that is a string or a list of parts.</summary>
    public static string? TextOf(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(static p => p.Text("text"))),
        _ => null,
    };
}
