using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Telemetry;

/// <summary>What <see cref="AccessLog"/> is told of a request before it ends; a feature of the request while it is logged.</summary>
internal sealed class AccessEntry
{
    /// <summary>The request's way through the router; null: it had none (an unknown path, a preflight).</summary>
    public Exchange? Exchange { get; private set; }

    /// <summary>Why it failed, or null.</summary>
    public ApiError? Error { get; private set; }

    /// <summary>The bytes of its body, if it was read whole, or of what came over a WebSocket.</summary>
    public long Received { get; private set; }

    /// <summary>The bytes that went to the client over a WebSocket, beside those of the answer's body.</summary>
    public long Sent { get; private set; }

    /// <summary>Notes whose request it is, and what it is about.</summary>
    public static void Note(Exchange exchange)
    {
        if (exchange.Http.Features.Get<AccessEntry>() is { } entry)
        {
            entry.Exchange = exchange;

            // It is given back before the line is written.
            entry.Received = exchange.Body switch
            {
                JsonBody json => json.Json.Length,
                UploadBody upload => upload.Bytes.Length,
                _ => entry.Received,
            };
        }
    }

    /// <summary>Notes what has gone over a WebSocket.</summary>
    public static void Note(HttpContext http, long received, long sent)
    {
        if (http.Features.Get<AccessEntry>() is { } entry)
        {
            entry.Received = received;
            entry.Sent = sent;
        }
    }

    /// <summary>Notes that it failed; what was noted first stands.</summary>
    public static void Note(HttpContext http, ApiError error)
    {
        if (http.Features.Get<AccessEntry>() is { } entry)
        {
            entry.Error ??= error;
        }
    }
}
