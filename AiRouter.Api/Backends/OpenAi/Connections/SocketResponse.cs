using System.Runtime.CompilerServices;
using System.Text;

namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>An answer that comes over a plain socket.</summary>
internal sealed class SocketResponse : UpstreamResponse
{
    private readonly SocketBody _body;
    private readonly ResponseHead _head;
    private Texts _texts;

    /// <summary>Begins with the whole head, and what of the body came with it.</summary>
    /// <param name="connection">Where more comes from.</param>
    /// <param name="method">What was asked.</param>
    /// <param name="head">The head.</param>
    /// <param name="received">Where it lies; now this answer's.</param>
    /// <param name="sending">Ends when the request has been sent; null: it has.</param>
    public SocketResponse(
        SocketConnection connection, string method, in ResponseHead head, in ReceivedBytes received, Task<Exception?>? sending)
    {
        _head = head;
        _body = new SocketBody(connection, this, Framing.Of(method, in head), in received, sending);
    }

    /// <inheritdoc/>
    public override int Status => _head.Status;

    /// <inheritdoc/>
    public override long? ContentLength => _head.IsChunked ? null : _head.ContentLength;

    /// <inheritdoc/>
    public override Stream Body => _body;

    /// <inheritdoc/>
    public override string? Header(ResponseHeader header)
    {
        ref var text = ref _texts[(int)header];
        return text ??= Read(header);
    }

    /// <summary>The memory of the head goes back: headers that somebody may still ask for are kept as text.</summary>
    public void KeepHeaders()
    {
        for (var header = (ResponseHeader)0; header < ResponseHeader.Date; header++)
        {
            Header(header);
        }

        // Nearly every answer has one, and it counts only beside a time to wait until.
        if (Header(ResponseHeader.RetryAfter) is not null)
        {
            Header(ResponseHeader.Date);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _body.End();

    private string? Read(ResponseHeader header)
    {
        var bytes = _body.Received;
        return bytes.IsEmpty || _head.PlaceOf(header) is not { } place ? null
            : _head.IsRepeated(header) ? ResponseHead.Gather(bytes[.._head.Length], ResponseHeaderNames.NameOf(header))
            : TextOf(bytes[place]);
    }

    // What nearly every answer says needs no string of its own.
    private static string TextOf(ReadOnlySpan<byte> value) => value.Length switch
    {
        16 when value.SequenceEqual("application/json"u8) => "application/json",
        17 when value.SequenceEqual("text/event-stream"u8) => "text/event-stream",
        31 when value.SequenceEqual("application/json; charset=utf-8"u8) => "application/json; charset=utf-8",
        32 when value.SequenceEqual("text/event-stream; charset=utf-8"u8) => "text/event-stream; charset=utf-8",
        _ => Encoding.Latin1.GetString(value),
    };

    [InlineArray(ResponseHeaderNames.Count)]
    private struct Texts
    {
        private string? _first;
    }
}
