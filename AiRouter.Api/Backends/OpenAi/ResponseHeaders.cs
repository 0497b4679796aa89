using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>What of a backend's response headers reaches the client (R29): a list of names, never all but some.</summary>
internal static class ResponseHeaders
{
    /// <summary>
    /// How long the backend worked, which version of the API it speaks, what file it sends. Everything else says who the
    /// backend is, whose account is used or what is left of it, or belongs to the connection.
    /// </summary>
    private static readonly ResponseHeader[] Passed =
        [ResponseHeader.ProcessingTime, ResponseHeader.ApiVersion, ResponseHeader.ContentDisposition];

    /// <summary>Copies them for a stream of events, whose headers the keep-alive clock may be sending just now.</summary>
    public static async ValueTask CopyAsync(Attempt attempt, EventStream events)
    {
        await events.BeginWriteAsync(attempt.Exchange.Aborted);
        try
        {
            Copy(attempt.Response!, attempt.Exchange.Http.Response);
        }
        finally
        {
            events.CancelWrite();
        }
    }

    /// <summary>Copies them, while the response has not begun.</summary>
    public static void Copy(UpstreamResponse from, HttpResponse to)
    {
        if (to.HasStarted)
        {
            return;
        }

        foreach (var header in Passed)
        {
            if (from.Header(header) is { } value && CanBeSent(value))
            {
                to.Headers[ResponseHeaderNames.NameOf(header)] = value;
            }
        }
    }

    /// <summary>Takes them back: the answer that they belong to has failed.</summary>
    public static void Remove(HttpResponse from)
    {
        foreach (var header in Passed)
        {
            from.Headers.Remove(ResponseHeaderNames.NameOf(header));
        }
    }

    /// <summary>Kestrel refuses a response over a value with anything else, and with it the answer.</summary>
    public static bool CanBeSent(string value) => value.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0;
}
