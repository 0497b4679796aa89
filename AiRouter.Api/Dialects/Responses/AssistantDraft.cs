using System.Text.Json.Nodes;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>A message of the assistant's that is put together from items.</summary>
internal sealed class AssistantDraft
{
    /// <summary>What it said; null: nothing.</summary>
    public string? Content { get; set; }

    /// <summary>How it refused; null: it did not.</summary>
    public string? Refusal { get; set; }

    /// <summary>What it thought before; null: nobody knows.</summary>
    public string? Thoughts { get; set; }

    /// <summary>What it called, as chat has it.</summary>
    public JsonArray Calls { get; } = [];

    /// <summary>The message of a chat request.</summary>
    public JsonObject ToMessage()
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = Content };
        if (Refusal is not null)
        {
            message["refusal"] = Refusal;
        }

        if (Thoughts is not null)
        {
            message["reasoning_content"] = Thoughts;
        }

        if (Calls.Count > 0)
        {
            message["tool_calls"] = Calls;
        }

        return message;
    }
}
