using System.Text;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using Microsoft.AspNetCore.WebUtilities;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>Where at the backend a request goes. The backend's URL stands for <c>/v1</c>.</summary>
internal static class UpstreamUrl
{
    /// <summary>Names of query parameters that carry a credential somewhere; they never leave the router (R2).</summary>
    private static readonly string[] CredentialNames =
        ["key", "api-key", "api_key", "apikey", "x-api-key", "access_token", "token", "authorization", "subscription-key", "code", "sig"];

    /// <summary>The address for <paramref name="path"/> (behind the base path, escaped), with the client's query.</summary>
    public static Uri For(BackendConfig backend, string path, QueryString query, ClientKeys keys)
    {
        var address = BackendUrl.For(backend, path);
        var forwarded = Forwarded(query, keys);
        if (forwarded.Length == 0)
        {
            return address;
        }

        var separator = address.Query.Length > 1 ? "&" : "?";
        return new Uri(address.AbsoluteUri.TrimEnd('?') + separator + forwarded);
    }

    /// <summary>The query without credentials, spelled as the client spelled it.</summary>
    private static string Forwarded(QueryString query, ClientKeys keys)
    {
        if (!query.HasValue)
        {
            return "";
        }

        var kept = new StringBuilder();
        foreach (var pair in query.Value![1..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parsed = new QueryStringEnumerable(pair).GetEnumerator();
            if (!parsed.MoveNext())
            {
                continue;
            }

            var name = parsed.Current.DecodeName().ToString();
            if (!CredentialNames.Contains(name, StringComparer.OrdinalIgnoreCase) && name != "api-version" &&
                !keys.IsOurs(parsed.Current.DecodeValue().Span))
            {
                kept.Append(kept.Length == 0 ? "" : "&").Append(pair);
            }
        }

        return kept.ToString();
    }
}
