using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>
/// The items of a request and of its response, each with an id: what has to be kept of a response so that another can name it as
/// its <c>previous_response_id</c>, and its input can be listed.
/// </summary>
/// <remarks>Requests are those that have no member twice (R43): nodes cannot tell which one counts.</remarks>
/// <param name="Input">What was sent.</param>
/// <param name="Output">What was answered.</param>
internal sealed record ConversationItems(JsonArray Input, JsonArray Output)
{
    /// <summary>The type of an item that only names another one.</summary>
    public const string Reference = "item_reference";

    /// <summary>The items of a request that was translated without an error, and of what it was answered.</summary>
    /// <param name="request">The client's request; stays as it is.</param>
    /// <param name="response">The response; stays as it is.</param>
    /// <param name="newId">A new random part of an id.</param>
    public static ConversationItems Of(JsonObject request, JsonObject response, Func<string> newId) =>
        new(InputOf(request["input"], newId), response["output"] is JsonArray output ? (JsonArray)output.DeepClone() : []);

    /// <summary>Both, as they go before the input of a request that continues the conversation.</summary>
    public JsonArray All() => [.. Input.Concat(Output).Select(item => item?.DeepClone())];

    /// <summary>Puts what went before in front of a request's own input.</summary>
    /// <param name="request">Gets a list of items as its input.</param>
    /// <param name="earlier">The items of the conversation so far; stay as they are.</param>
    /// <param name="newId">A new random part of an id.</param>
    public static void Continue(JsonObject request, JsonArray earlier, Func<string> newId)
    {
        // What is neither a text nor a list is an error, which the translation of the request tells.
        if (request["input"] is null or JsonArray || request["input"]!.GetValueKind() == JsonValueKind.String)
        {
            var own = InputOf(request["input"], newId);
            request["input"] = new JsonArray([.. earlier.Concat(own).Select(item => item?.DeepClone())]);
        }
    }

    /// <summary>The ids of the items that a request only names: AI SDK names what it was answered, unless it asks not to store.</summary>
    public static IReadOnlyList<string> ReferencesOf(JsonObject request) =>
        request["input"] is JsonArray list ? [.. list.Select(ReferenceIn).OfType<string>()] : [];

    /// <summary>
    /// Puts items in the place of their names. Names that are not known stay, and the translation of the request refuses them.
    /// </summary>
    /// <param name="request">Gets the items.</param>
    /// <param name="known">Items by their ids; stay as they are.</param>
    public static void Resolve(JsonObject request, IReadOnlyDictionary<string, JsonObject> known)
    {
        var input = request["input"] as JsonArray ?? [];
        for (var i = 0; i < input.Count; i++)
        {
            if (ReferenceIn(input[i]) is { } id && known.TryGetValue(id, out var item))
            {
                input[i] = item.DeepClone();
            }
        }
    }

    private static string? ReferenceIn(JsonNode? item) =>
        item is JsonObject given && (TextOf(given["type"]) ?? (given["role"] is null ? Reference : null)) == Reference
            ? TextOf(given["id"])
            : null;

    private static JsonArray InputOf(JsonNode? input, Func<string> newId)
    {
        var items = new JsonArray();
        if (input is JsonArray list)
        {
            foreach (var item in list)
            {
                items.Add(item is JsonObject given ? WithId(given, newId) : item?.DeepClone());
            }
        }
        else if (input is not null)
        {
            items.Add((JsonNode)WithId(new JsonObject { ["role"] = "user", ["content"] = input.DeepClone() }, newId));
        }

        return items;
    }

    private static JsonObject WithId(JsonObject given, Func<string> newId)
    {
        var item = (JsonObject)given.DeepClone();
        var type = TextOf(item["type"]) ?? "message";
        if (TextOf(item["id"]) is null && type != Reference)
        {
            item["id"] = PrefixOf(type) + newId();
        }

        if (type != "message")
        {
            return item;
        }

        item["type"] = type;
        item["status"] ??= ItemStatus.Completed;
        if (TextOf(item["content"]) is { } text)
        {
            var part = TextOf(item["role"]) == "assistant"
                ? new JsonObject { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray() }
                : new JsonObject { ["type"] = "input_text", ["text"] = text };
            item["content"] = new JsonArray(part);
        }

        return item;
    }

    private static string PrefixOf(string type) => type switch
    {
        "message" => "msg_",
        "reasoning" => "rs_",
        "function_call" => "fc_",
        "function_call_output" => "fco_",
        "custom_tool_call" => "ctc_",
        "custom_tool_call_output" => "ctco_",
        _ => "item_",
    };

    private static string? TextOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? (string)node! : null;
}
