using System.Text.Json.Nodes;

namespace AiRouter.Admin.Management.Playground;

/// <summary>Who speaks.</summary>
public enum ChatRole
{
    /// <summary>Whoever sits at the playground.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,

    /// <summary>A tool that the model called.</summary>
    Tool,
}

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Text">What he says.</param>
public sealed record ChatMessage(ChatRole Role, string Text)
{
    /// <summary>The tools that the model calls.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>The call that a tool answers.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>As the API has it.</summary>
    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["role"] = Role.ToString().ToLowerInvariant() };
        if (ToolCallId is not null)
        {
            json["tool_call_id"] = ToolCallId;
        }

        // A message that only calls tools has no text; some templates print an empty one.
        json["content"] = Text.Length == 0 && ToolCalls.Count > 0 ? null : Text;
        if (ToolCalls.Count > 0)
        {
            json["tool_calls"] = new JsonArray([.. ToolCalls.Select(static c => c.ToJson())]);
        }

        return json;
    }
}

/// <summary>A call of a tool.</summary>
/// <param name="Id">Names it for the answer.</param>
/// <param name="Name">The function.</param>
/// <param name="Arguments">JSON, as the model wrote it.</param>
public sealed record ToolCall(string Id, string Name, string Arguments)
{
    /// <summary>As the API has it.</summary>
    internal JsonNode ToJson() => new JsonObject
    {
        ["id"] = Id,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = Name, ["arguments"] = Arguments },
    };
}
