using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Errors;
using AiRouter.Core.Json;
using AiRouter.Core.Keys;

namespace AiRouter.Api.Objects;

/// <summary>A backend lists everything of its account; a key sees what it made itself (R5).</summary>
internal static class ObjectListFilter
{
    /// <summary>
    /// The list with the client's own objects only, or the text as it is when it is no list. An error: nobody can say now whose they are;
    /// a list without some would look whole.
    /// </summary>
    public static async ValueTask<(ReadOnlyMemory<byte> Json, ApiError? Error)> FilterAsync(
        ReadOnlyMemory<byte> json, ObjectOwners owners, ClientKey? client, CancellationToken cancellationToken)
    {
        if (JsonNode.Parse(json.Span) is not JsonObject list || list["data"] is not JsonArray data)
        {
            return (json, null);
        }

        var isComplete = await owners.TryLoadAsync(data.Select(IdOf).OfType<string>(), cancellationToken);
        for (var i = data.Count - 1; i >= 0; i--)
        {
            var id = IdOf(data[i]);
            if (!isComplete && id is not null && owners.Find(id) is null)
            {
                return (json, ObjectIds.Unknown(id));
            }

            if (id is null || !owners.IsOwnedBy(id, client))
            {
                data.RemoveAt(i);
            }
        }

        // The ends of the backend's page may be somebody else's objects.
        SetEnd(list, "first_id", data.FirstOrDefault());
        SetEnd(list, "last_id", data.LastOrDefault());
        return (JsonBytes.Of(list), null);
    }

    private static string? IdOf(JsonNode? item) => item?["id"]?.GetValueKind() == JsonValueKind.String ? (string)item["id"]! : null;

    private static void SetEnd(JsonObject list, string name, JsonNode? item)
    {
        if (list.ContainsKey(name))
        {
            list[name] = (string?)item?["id"];
        }
    }
}
