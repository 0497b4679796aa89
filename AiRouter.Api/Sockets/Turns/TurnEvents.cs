using System.Buffers.Text;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Sockets.Turns;

/// <summary>What a backend says of responses: each event goes to its turn, which gives it the public name and counts it.</summary>
internal sealed class TurnEvents(TurnSession session) : IEventView
{
    /// <inheritdoc/>
    public bool IsOfInterest(ReadOnlySpan<byte> type)
    {
        session.TouchTurns();
        return IsOfResponse(type) || type.EndsWith(".delta"u8) || type.SequenceEqual("error"u8);
    }

    /// <inheritdoc/>
    public EventFate Look(ReadOnlyMemory<byte> json)
    {
        var span = json.Span;
        EventType.Find(span, isWhole: true, out var type);
        var stream = EventMember.Find(span, default, "stream_id"u8) is [.., var member] ? member.TextOf(span) : null;
        var turn = session.Find(stream);
        if (type.SequenceEqual("error"u8))
        {
            if (turn is null)
            {
                return new EventFate(OfConnection(span));
            }

            turn.Fail(StatusOf(span), span);
            return default;
        }

        // Of a response that nobody waits for.
        if (turn is null || !ChunkScan.TryRead(span, out var scan))
        {
            return default;
        }

        using var written = new PooledBufferWriter();
        return turn.TryWrite(written, type, span, in scan) ? new EventFate(written.WrittenSpan.ToArray()) : default;
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? TooLarge(ReadOnlySpan<byte> beginning)
    {
        // Its turn ends without figures, with the session at the latest.
        if (EventType.Find(beginning, isWhole: false, out var type) != EventType.Sight.Found || ResponsesAssembly.IsLast(type))
        {
            session.NoteUnread();
        }

        return null;
    }

    private static bool IsOfResponse(ReadOnlySpan<byte> type) =>
        ResponsesAssembly.IsLast(type) || type.SequenceEqual("response.created"u8) || type.SequenceEqual("response.in_progress"u8) ||
        type.SequenceEqual("response.queued"u8);

    private static int? StatusOf(ReadOnlySpan<byte> json) =>
        EventMember.Find(json, default, "status"u8) is [.., var status] &&
        Utf8Parser.TryParse(status.Of(json), out int code, out var read) && read == status.Length && code is >= 400 and < 600
            ? code
            : null;

    /// <summary>An error of the connection as a whole (it has lasted too long): its code, in our words.</summary>
    private static byte[] OfConnection(ReadOnlySpan<byte> json)
    {
        var body = UpstreamErrorBody.Read(json);
        var code = body.Code is { Length: <= 64 } text && text.All(static c => char.IsAsciiLetterLower(c) || c == '_') ? text : null;
        return TurnErrors.Event(
            "invalid_request_error", code, "The backend has reported an error of this connection.",
            StatusOf(json) ?? StatusCodes.Status400BadRequest);
    }
}
