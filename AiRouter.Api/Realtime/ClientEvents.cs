using AiRouter.Api.Endpoints;
using AiRouter.Api.Requests;
using AiRouter.Api.Sockets;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Realtime;

/// <summary>
/// What a client says of its session's model: the public name becomes the target's. Another model's name does not go on, because the
/// session was opened, and the key was asked, for this one.
/// </summary>
internal sealed class ClientEvents(Exchange exchange, TargetModel target) : IEventView
{
    private readonly string _public = exchange.PublicName;
    private readonly string _resolved = exchange.Model!.Name;
    private readonly byte[] _name = JsonText.Quote(RealtimeAddress.NameOf(exchange, target));

    /// <inheritdoc/>
    public bool IsOfInterest(ReadOnlySpan<byte> type) => type.SequenceEqual("session.update"u8);

    /// <inheritdoc/>
    public EventFate Look(ReadOnlyMemory<byte> json)
    {
        // Some servers (vLLM) want the model beside the session.
        var span = json.Span;
        List<EventMember> models = [.. EventMember.Find(span, "session"u8, "model"u8)
            .Concat(EventMember.Find(span, default, "model"u8)).OrderBy(static m => m.Start)];
        foreach (var model in models)
        {
            if (model.TextOf(span) is not { } name)
            {
                continue;
            }

            if (name != _public && name != _resolved)
            {
                return new EventFate(null, RealtimeErrors.Event(
                    "invalid_request_error", "invalid_model",
                    "The model of a session cannot be changed: open another session for another model.", "session.model", EventIdOf(span)));
            }
        }

        models.RemoveAll(m => m.TextOf(json.Span) is null);
        return new EventFate(models.Count == 0 ? json : EventMember.Replace(span, models, _name));
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? TooLarge(ReadOnlySpan<byte> beginning) => RealtimeErrors.Event(
        "invalid_request_error", "event_too_large",
        "The router cannot read this event, which is larger than 16 MiB or than it has memory for now. Write its type first, " +
        "and send it in parts.");

    private static string? EventIdOf(ReadOnlySpan<byte> json) =>
        EventMember.Find(json, default, "event_id"u8) is [var id, ..] && id.Length <= 514 ? id.TextOf(json) : null;
}
