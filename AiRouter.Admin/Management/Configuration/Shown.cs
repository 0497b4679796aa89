using System.Text.Json.Nodes;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Secrets;

namespace AiRouter.Admin.Management.Configuration;

/// <summary>Parts of the document as answers show them: credentials as <see cref="StoredCredentials.Placeholder"/>.</summary>
internal static class Shown
{
    /// <summary>The document without credentials.</summary>
    public static RouterConfig Of(RouterConfig config) => StoredCredentials.Hide(config);

    /// <summary>The document as JSON, what is the default left out.</summary>
    public static string Json(RouterConfig config) => ConfigurationJson.Write(Of(config));

    /// <summary>A part of <see cref="Of"/> as JSON.</summary>
    public static string Json(object part) => ConfigurationJson.WriteRecord(part);

    /// <summary>A part of <see cref="Of"/> as a node, to be put into something else.</summary>
    public static JsonNode Node(object part) => JsonNode.Parse(Json(part))!;
}

/// <summary>Entries of the document.</summary>
/// <typeparam name="T">What each is.</typeparam>
/// <param name="Items">By name.</param>
internal sealed record EntryList<T>(IReadOnlyList<Entry<T>> Items);

/// <summary>One entry of the document.</summary>
/// <typeparam name="T">What it is.</typeparam>
/// <param name="Name">Its name.</param>
/// <param name="Etag">What If-Match compares when it is changed or removed.</param>
/// <param name="Config">The entry; credentials are shown as <c>set</c>.</param>
internal sealed record Entry<T>(string Name, string Etag, T Config);
