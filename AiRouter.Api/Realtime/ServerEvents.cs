using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Requests;
using AiRouter.Api.Sockets;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Realtime;

/// <summary>
/// What a backend says of its session: its model gets the public name, the usage of answers is counted, errors are cleaned.
/// </summary>
internal sealed class ServerEvents(Attempt attempt) : IEventView
{
    private readonly byte[] _name = JsonText.Quote(attempt.Exchange.PublicName);
    private bool _isIncomplete;

    /// <inheritdoc/>
    public bool IsOfInterest(ReadOnlySpan<byte> type) => KindOf(type) != Kind.Other;

    /// <inheritdoc/>
    public EventFate Look(ReadOnlyMemory<byte> json)
    {
        EventType.Find(json.Span, isWhole: true, out var type);
        switch (KindOf(type))
        {
            case Kind.Session:
                List<EventMember> models = [.. EventMember.Find(json.Span, "session"u8, "model"u8)
                    .Concat(EventMember.Find(json.Span, default, "model"u8)).OrderBy(static m => m.Start)];
                models.RemoveAll(m => m.TextOf(json.Span) is null);
                return new EventFate(models.Count == 0 ? json : EventMember.Replace(json.Span, models, _name));
            case Kind.Answer:
                Count(json.Span, EventMember.Find(json.Span, "response"u8, "usage"u8));
                return new EventFate(json);
            case Kind.Transcription:
                Count(json.Span, EventMember.Find(json.Span, default, "usage"u8));
                return new EventFate(json);
            case Kind.Error:
                return new EventFate(Cleaned(json));
            default:
                return new EventFate(json);
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? TooLarge(ReadOnlySpan<byte> beginning)
    {
        // As a rule a very long answer: what is counted without it is not exact.
        if (EventType.Find(beginning, isWhole: false, out var type) != EventType.Sight.Found ||
            KindOf(type) is Kind.Answer or Kind.Transcription)
        {
            _isIncomplete = true;
            attempt.Exchange.Usage = attempt.Exchange.Usage with { IsEstimated = attempt.Exchange.Usage.IsKnown };
        }

        return null;
    }

    private static Kind KindOf(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("session.created"u8) || type.SequenceEqual("session.updated"u8) ? Kind.Session
        : type.SequenceEqual("response.done"u8) ? Kind.Answer
        : type.SequenceEqual("transcription.done"u8) ? Kind.Transcription
        : type.SequenceEqual("error"u8) ? Kind.Error
        : Kind.Other;

    /// <summary>Adds an answer's tokens to the session's.</summary>
    private void Count(ReadOnlySpan<byte> json, List<EventMember> usages)
    {
        if (usages is not [.., var usage] || json[usage.Start] != (byte)'{' ||
            UsageReader.Read(usage.Of(json)) is not { IsKnown: true } more)
        {
            return;
        }

        var exchange = attempt.Exchange;
        var sum = exchange.Usage;
        exchange.Usage = new TokenUsage(
            Sum(sum.Input, more.Input), Sum(sum.CachedInput, more.CachedInput), Sum(sum.Output, more.Output),
            sum.IsEstimated || more.IsEstimated || _isIncomplete);
    }

    // A total that both fit into is written nowhere smaller.
    private static int Sum(int one, int more) => (int)Math.Min((long)one + more, int.MaxValue / 2);

    private ReadOnlyMemory<byte> Cleaned(ReadOnlyMemory<byte> json)
    {
        var messages = EventMember.Find(json.Span, "error"u8, "message"u8);
        return messages is [var message] && message.TextOf(json.Span) is { } text &&
            UpstreamText.Clean(attempt, text) is var clean && clean != text
            ? EventMember.Replace(json.Span, messages, JsonText.Quote(clean ?? "The backend failed."))
            : json;
    }

    private enum Kind
    {
        Other,
        Session,
        Answer,
        Transcription,
        Error,
    }
}
