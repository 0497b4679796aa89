using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing.Failover;

/// <summary>
/// Whether a request may reach two backends (R26). What is kept there (<c>store</c>, <c>background</c>) or costs much (images, uploads)
/// may not: it is tried again only while nothing of it has left.
/// </summary>
internal static class RepeatableRequest
{
    /// <summary>It may.</summary>
    public static bool Is(Exchange exchange) =>
        exchange.Turn is { HasLeft: false } || (exchange.Operation.Name != Operations.Images && exchange.Body switch
        {
            UploadBody => false,
            JsonBody json => !IsTrue(json, "store"u8) && !IsTrue(json, "background"u8),
            _ => true,
        });

    private static bool IsTrue(JsonBody body, ReadOnlySpan<byte> name) => body.Index.Find(name).Type == JsonTokenType.True;
}
