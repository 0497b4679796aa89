using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Core.Keys;

namespace AiRouter.Api.Objects;

/// <summary>A backend lists everything of its account; a key sees what it made itself (R5).</summary>
internal static class ObjectListFilter
{
    /// <summary>The list with the client's own objects only, or the text as it is when it is no list.</summary>
    public static ReadOnlyMemory<byte> Filter(ReadOnlyMemory<byte> json, ObjectOwners owners, ClientKey? client)
    {
        if (JsonNode.Parse(json.Span) is not JsonObject list || list["data"] is not JsonArray data)
        {
            return json;
        }

        for (var i = data.Count - 1; i >= 0; i--)
        {
            if (data[i]?["id"]?.GetValueKind() != JsonValueKind.String || !owners.IsOwnedBy((string)data[i]!["id"]!, client))
            {
                data.RemoveAt(i);
            }
        }

        // The ends of the backend's page may be somebody else's objects.
        SetEnd(list, "first_id", data.FirstOrDefault());
        SetEnd(list, "last_id", data.LastOrDefault());
        return JsonSerializer.SerializeToUtf8Bytes(list);
    }

    private static void SetEnd(JsonObject list, string name, JsonNode? item)
    {
        if (list.ContainsKey(name))
        {
            list[name] = (string?)item?["id"];
        }
    }
}
