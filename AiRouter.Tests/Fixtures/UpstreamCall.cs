using System.Text;
using Microsoft.AspNetCore.Http;

namespace AiRouter.Tests.Fixtures;

/// <summary>One request at a <see cref="ScriptedUpstream"/>, waiting for its answer.</summary>
/// <param name="Http">The raw exchange, for what the methods below do not do.</param>
/// <param name="Request">What came in.</param>
/// <param name="Ended">The router has gone away, or the test ends.</param>
internal sealed record UpstreamCall(HttpContext Http, RecordedRequest Request, CancellationToken Ended)
{
    /// <summary>A whole answer.</summary>
    public Task JsonAsync(string json, int status = 200, params (string Name, string Value)[] headers) =>
        BytesAsync("application/json", Encoding.UTF8.GetBytes(json), status, headers);

    /// <summary>A whole answer of any type.</summary>
    public async Task BytesAsync(string? contentType, byte[] body, int status = 200, params (string Name, string Value)[] headers)
    {
        Http.Response.StatusCode = status;
        Http.Response.ContentType = contentType;
        Http.Response.ContentLength = body.Length;
        foreach (var (name, value) in headers)
        {
            Http.Response.Headers.Append(name, value);
        }

        await Http.Response.Body.WriteAsync(body, Ended);
    }

    /// <summary>A stream of events, each text written and flushed as it stands.</summary>
    public async Task EventsAsync(params string[] chunks)
    {
        await BeginEventsAsync();
        foreach (var chunk in chunks)
        {
            await WriteAsync(chunk);
        }
    }

    /// <summary>Only the headers of a stream of events.</summary>
    public async Task BeginEventsAsync()
    {
        Http.Response.ContentType = "text/event-stream; charset=utf-8";
        await Http.Response.Body.FlushAsync(Ended);
    }

    /// <summary>Writes and flushes.</summary>
    public async Task WriteAsync(string text)
    {
        await Http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), Ended);
        await Http.Response.Body.FlushAsync(Ended);
    }

    /// <summary>Answers nothing (more) until the router goes away.</summary>
    public Task HangAsync() => Task.Delay(Timeout.Infinite, Ended);

    /// <summary>Closes the connection before the answer is whole; what was flushed arrives.</summary>
    public static Task BreakOffAsync() => throw new IOException("The script breaks the answer off.");

    /// <summary>Resets the connection; what was flushed may be lost.</summary>
    public void Reset() => Http.Abort();
}
