using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;
using Microsoft.Extensions.Primitives;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>What of a request's headers reaches a backend: a list of names, never all but some.</summary>
internal static class RequestHeaders
{
    /// <summary>Passed as they are (<c>openai-api.md</c> §3).</summary>
    private static readonly string[] Passed =
        ["Accept", "OpenAI-Beta", "anthropic-version", "anthropic-beta", "Idempotency-Key", "X-Client-Request-Id"];

    private static readonly string[] WithClientCredential = ["OpenAI-Organization", "OpenAI-Project"];

    /// <summary>Adds those of one request. Returns whether the client's own credential is among them (R2, R24).</summary>
    public static bool Add(UpstreamRequest request, Exchange exchange, BackendCredential credential)
    {
        var from = exchange.Http.Request.Headers;
        Copy(from, request, Passed);
        foreach (var (name, value) in from)
        {
            if (name.StartsWith("X-Stainless-", StringComparison.OrdinalIgnoreCase))
            {
                request.Add(name, Joined(value));
            }
        }

        request.Add(RequestIds.Header, exchange.RequestId);
        var (traceParent, traceState) = TraceContext.Of(exchange.Http);
        request.Add("traceparent", traceParent);
        request.Add("tracestate", traceState);
        return AddCredential(request, exchange, credential);
    }

    private static bool AddCredential(UpstreamRequest request, Exchange exchange, BackendCredential credential)
    {
        if (credential.Kind != CredentialKind.Forward || exchange.ForwardableCredential is not { } token)
        {
            return false;
        }

        var from = exchange.Http.Request.Headers;
        if (Carries(from["api-key"], token))
        {
            request.Add("api-key", token);
        }
        else if (Carries(from["x-api-key"], token))
        {
            request.Add("x-api-key", token);
        }
        else
        {
            request.Add("Authorization", "Bearer " + token);
        }

        Copy(from, request, WithClientCredential);
        return true;
    }

    private static bool Carries(StringValues values, string token) =>
        values.Any(v => v is not null && v.AsSpan().Trim().SequenceEqual(token));

    private static void Copy(IHeaderDictionary from, UpstreamRequest to, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (from.TryGetValue(name, out var values))
            {
                to.Add(name, Joined(values));
            }
        }
    }

    private static string? Joined(StringValues values) => values.Count <= 1 ? (string?)values : string.Join(", ", (IEnumerable<string?>)values);
}
