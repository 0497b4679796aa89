using System.Security.Claims;
using System.Text.Json;

namespace AiRouter.Admin.Authentication.OpenId;

/// <summary>Reads what a provider says about somebody.</summary>
internal static class ClaimValues
{
    /// <summary>
    /// The values of a claim. A path such as <c>realm_access.roles</c> leads into a claim that is an object, when no claim is called that.
    /// </summary>
    public static IReadOnlyCollection<string> Of(ClaimsPrincipal user, string path)
    {
        var values = user.FindAll(path).Select(static c => c.Value).ToList();
        for (var dot = path.IndexOf('.'); values.Count == 0 && dot > 0; dot = path.IndexOf('.', dot + 1))
        {
            values = [.. user.FindAll(path[..dot]).SelectMany(c => Inside(c.Value, path[(dot + 1)..].Split('.')))];
        }

        return values;
    }

    private static List<string> Inside(string json, string[] members)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var element = document.RootElement;
            foreach (var member in members)
            {
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(member, out element))
                {
                    return [];
                }
            }

            return element.ValueKind switch
            {
                JsonValueKind.Array => [.. element.EnumerateArray().Where(static e => e.ValueKind == JsonValueKind.String).Select(static e => e.GetString()!)],
                JsonValueKind.String => [element.GetString()!],
                _ => [],
            };
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
