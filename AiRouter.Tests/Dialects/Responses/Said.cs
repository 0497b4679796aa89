using System.Text.Json.Nodes;

namespace AiRouter.Tests.Dialects.Responses;

/// <summary>An answer of the assistant's; empty texts are none.</summary>
/// <param name="Thought">What it thought.</param>
/// <param name="Text">What it said.</param>
/// <param name="Refusal">How it refused.</param>
/// <param name="Calls">What it called.</param>
internal sealed record Said(string Thought, string Text, string Refusal, IReadOnlyList<SaidCall> Calls)
{
    private bool HasMessage => Text.Length > 0 || Refusal.Length > 0;

    /// <summary>As chat has it in a conversation: nothing if nothing was said.</summary>
    public void AddMessages(JsonArray messages)
    {
        if (!HasMessage && Calls.Count == 0)
        {
            return;
        }

        messages.Add((JsonNode)ToMessage());
        foreach (var call in Calls)
        {
            messages.Add((JsonNode)new JsonObject { ["role"] = "tool", ["tool_call_id"] = call.Id, ["content"] = call.Output });
        }
    }

    /// <summary>As chat has it in an answer.</summary>
    public JsonObject ToMessage()
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = Text.Length > 0 ? Text : null };
        if (Refusal.Length > 0)
        {
            message["refusal"] = Refusal;
        }

        if (Thought.Length > 0)
        {
            message["reasoning_content"] = Thought;
        }

        if (Calls.Count > 0)
        {
            message["tool_calls"] = new JsonArray([.. Calls.Select(call => call.ToChat())]);
        }

        return message;
    }

    /// <summary>As the Responses API has it in a conversation.</summary>
    public void AddItems(JsonArray items)
    {
        if (Thought.Length > 0)
        {
            var summary = new JsonArray(TextPart("summary_text", "text", Thought));
            items.Add((JsonNode)new JsonObject { ["type"] = "reasoning", ["summary"] = summary });
        }

        if (HasMessage)
        {
            var content = new JsonArray();
            if (Text.Length > 0)
            {
                content.Add((JsonNode)TextPart("output_text", "text", Text));
            }

            if (Refusal.Length > 0)
            {
                content.Add((JsonNode)TextPart("refusal", "refusal", Refusal));
            }

            items.Add((JsonNode)new JsonObject { ["type"] = "message", ["role"] = "assistant", ["content"] = content });
        }

        foreach (var call in Calls)
        {
            items.Add((JsonNode)call.ToItem());
        }

        foreach (var call in Calls)
        {
            items.Add((JsonNode)new JsonObject { ["type"] = "function_call_output", ["call_id"] = call.Id, ["output"] = call.Output });
        }
    }

    private static JsonObject TextPart(string type, string member, string text) => new() { ["type"] = type, [member] = text };
}
