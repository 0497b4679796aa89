using System.Globalization;
using System.Text.Json.Nodes;
using AiRouter.Api.Errors;
using AiRouter.Core.Objects;

namespace AiRouter.Api.Dialects.Kept;

/// <summary>A page of a list of items, as clients ask for it and get it.</summary>
internal static class ItemPage
{
    private const int UsualItems = 20;
    private const int MostItems = 100;

    /// <summary>Reads <c>limit</c>, <c>order</c> (the newest first unless told otherwise) and <c>after</c>.</summary>
    public static ItemRange? Read(IQueryCollection query, out ApiError? error)
    {
        error = null;
        var limit = UsualItems;
        if (query.TryGetValue("limit", out var asked) &&
            (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostItems))
        {
            error = new ApiError(ErrorCause.InvalidRequest, $"Invalid 'limit': expected an integer from 1 to {MostItems}.", "limit");
            return null;
        }

        return new ItemRange(query["order"] == "asc", query["after"] is [{ Length: > 0 } after] ? after : null, limit);
    }

    /// <summary>The page of a list that is at hand, the oldest first.</summary>
    public static JsonObject Of(IEnumerable<JsonObject> items, ItemRange range)
    {
        var ordered = range.IsAscending ? items : items.Reverse();
        var rest = range.After is null ? [.. ordered] : ordered.SkipWhile(i => (string?)i["id"] != range.After).Skip(1).ToList();
        return Of(rest.Take(range.Most ?? rest.Count), hasMore: rest.Count > range.Most);
    }

    /// <summary>A page of these items.</summary>
    public static JsonObject Of(IEnumerable<JsonObject> items, bool hasMore)
    {
        var shown = items.Select(static item => (JsonObject)item.DeepClone()).ToList();
        return new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. shown]),
            ["first_id"] = shown.FirstOrDefault()?["id"]?.DeepClone(),
            ["last_id"] = shown.LastOrDefault()?["id"]?.DeepClone(),
            ["has_more"] = hasMore,
        };
    }
}
