using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Dialects.Responses;
using AiRouter.Core.Json;

namespace AiRouter.Api.Dialects.Kept;

/// <summary>A response and everything that was said before it.</summary>
/// <param name="Input">The items of the conversation up to the request, that of earlier responses included.</param>
/// <param name="Response">The response object as the client got it.</param>
internal sealed record KeptResponse(JsonArray Input, JsonObject Response)
{
    /// <summary>How it stands: <c>completed</c>, <c>incomplete</c>, or one of the others if it was made in the background.</summary>
    public string Status => Response["status"]?.GetValueKind() == JsonValueKind.String ? (string)Response["status"]! : "";

    /// <summary>Whether there is an answer that another request can go on from.</summary>
    public bool IsAnswered => Status is ItemStatus.Completed or ItemStatus.Incomplete;

    /// <summary>The items that a request begins with that goes on from it.</summary>
    public JsonArray Conversation() => new ConversationItems(Input, Response["output"] as JsonArray ?? []).All();

    /// <summary>The items of its answer.</summary>
    public IEnumerable<JsonObject> Output() => (Response["output"] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>What the store holds.</summary>
    public byte[] ToJson() => JsonBytes.RelaxedOf(new JsonObject { ["input"] = Input.DeepClone(), ["response"] = Response.DeepClone() });

    /// <summary>Reads what the store holds.</summary>
    public static KeptResponse Read(ReadOnlySpan<byte> json)
    {
        var kept = JsonBytes.ReadObject(json);
        var (input, response) = ((JsonArray)kept["input"]!, (JsonObject)kept["response"]!);
        kept.Clear();
        return new KeptResponse(input, response);
    }
}
