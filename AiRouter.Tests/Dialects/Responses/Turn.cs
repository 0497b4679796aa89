using System.Text.Json.Nodes;

namespace AiRouter.Tests.Dialects.Responses;

/// <summary>A message, and what the assistant answered.</summary>
/// <param name="Role">The message's.</param>
/// <param name="Texts">What it says; at least one.</param>
/// <param name="IsList">One text is written as a list all the same.</param>
/// <param name="Image">An image behind the texts.</param>
/// <param name="Said">The answer, if any.</param>
internal sealed record Turn(string Role, string[] Texts, bool IsList, string? Image, Said? Said)
{
    private bool IsOneText => Texts.Length == 1 && Image is null;

    /// <summary>As chat has it.</summary>
    public void AddMessages(JsonArray messages)
    {
        JsonNode content = IsOneText ? Texts[0] : new JsonArray([.. Texts.Select(text => Part("text", "text", text))]);
        if (Image is not null)
        {
            content.AsArray().Add((JsonNode)new JsonObject { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = Image } });
        }

        messages.Add((JsonNode)new JsonObject { ["role"] = Role, ["content"] = content });
        Said?.AddMessages(messages);
    }

    /// <summary>As the Responses API has it.</summary>
    public void AddItems(JsonArray items)
    {
        JsonNode content = IsOneText && !IsList ? Texts[0] : new JsonArray([.. Texts.Select(text => Part("input_text", "text", text))]);
        if (Image is not null)
        {
            content.AsArray().Add((JsonNode)Part("input_image", "image_url", Image));
        }

        items.Add((JsonNode)new JsonObject { ["role"] = Role, ["content"] = content });
        Said?.AddItems(items);
    }

    private static JsonObject Part(string type, string member, string text) => new() { ["type"] = type, [member] = text };
}
