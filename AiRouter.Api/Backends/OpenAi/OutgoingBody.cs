using AiRouter.Api.Requests;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>The body that a backend gets.</summary>
internal static class OutgoingBody
{
    /// <summary>Made of the client's; null when it sent none.</summary>
    public static ForwardedContent? Create(Attempt attempt) => attempt.Exchange.Body switch
    {
        JsonBody json => new ForwardedJson(
            json.Json, RequestEdits.For(attempt.Exchange, attempt.Target!, json.Index, attempt.Plan)),
        _ => null,
    };
}
