using System.Text.Json.Nodes;

namespace AiRouter.Tests.Dialects.Responses;

/// <summary>A call, and what it gave.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">JSON.</param>
/// <param name="Output">What the function said.</param>
internal sealed record SaidCall(string Id, string Name, string Arguments, string Output)
{
    /// <summary>As chat has it.</summary>
    public JsonObject ToChat() => new()
    {
        ["id"] = Id,
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = Name, ["arguments"] = Arguments },
    };

    /// <summary>As the Responses API has it.</summary>
    public JsonObject ToItem() => new()
    {
        ["type"] = "function_call",
        ["call_id"] = Id,
        ["name"] = Name,
        ["arguments"] = Arguments,
    };
}
