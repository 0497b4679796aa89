using System.Net.Http.Headers;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>What of a request's headers reaches a backend: a list of names, never all but some.</summary>
internal static class RequestHeaders
{
    /// <summary>Passed as they are (<c>openai-api.md</c> §3).</summary>
    private static readonly string[] Passed =
        ["Accept", "OpenAI-Beta", "Idempotency-Key", "X-Client-Request-Id"];

    private static readonly string[] WithClientCredential = ["OpenAI-Organization", "OpenAI-Project"];

    /// <summary>Sets them all. Returns whether the client's own credential is among them (R2, R24).</summary>
    public static bool Set(HttpRequestHeaders headers, Exchange exchange, BackendModel backend)
    {
        var from = exchange.Http.Request.Headers;
        Copy(from, headers, Passed);
        foreach (var (name, value) in from)
        {
            if (name.StartsWith("X-Stainless-", StringComparison.OrdinalIgnoreCase))
            {
                headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
            }
        }

        SetAgent(headers);
        headers.TryAddWithoutValidation(RequestIds.Header, exchange.RequestId);

        var (traceParent, traceState) = TraceContext.Of(exchange.Http);
        Set(headers, "traceparent", traceParent);
        Set(headers, "tracestate", traceState);

        var forwarded = SetCredential(headers, exchange, backend.Credential);
        SetConfigured(headers, backend);
        return forwarded;
    }

    /// <summary>Sets those of what the router asks itself, with the backend's own credential if it has one.</summary>
    public static void SetOwn(HttpRequestHeaders headers, BackendModel backend)
    {
        SetAgent(headers);
        if (backend.Credential is { Kind: CredentialKind.Own, Secret: var secret })
        {
            headers.TryAddWithoutValidation("Authorization", "Bearer " + secret);
        }

        SetConfigured(headers, backend);
    }

    private static void Set(HttpRequestHeaders headers, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }

    private static void SetAgent(HttpRequestHeaders headers)
    {
        headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        headers.TryAddWithoutValidation("User-Agent", "AiRouter");
    }

    private static void SetConfigured(HttpRequestHeaders headers, BackendModel backend)
    {
        foreach (var (name, value) in backend.Headers)
        {
            headers.Remove(name);
            headers.TryAddWithoutValidation(name, value);
        }
    }

    private static bool SetCredential(HttpRequestHeaders headers, Exchange exchange, BackendCredential credential)
    {
        switch (credential.Kind)
        {
            case CredentialKind.Own:
                headers.TryAddWithoutValidation("Authorization", "Bearer " + credential.Secret);
                return false;
            case CredentialKind.Forward when exchange.ForwardableCredential is { } token:
                var from = exchange.Http.Request.Headers;
                if (Carries(from["api-key"], token))
                {
                    headers.TryAddWithoutValidation("api-key", token);
                }
                else if (Carries(from["x-api-key"], token))
                {
                    headers.TryAddWithoutValidation("x-api-key", token);
                }
                else
                {
                    headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
                }

                Copy(from, headers, WithClientCredential);
                return true;
            default:
                return false;
        }
    }

    private static bool Carries(Microsoft.Extensions.Primitives.StringValues values, string token) =>
        values.Any(v => v is not null && v.AsSpan().Trim().SequenceEqual(token));

    private static void Copy(IHeaderDictionary from, HttpRequestHeaders to, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (from.TryGetValue(name, out var values))
            {
                to.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
    }
}
