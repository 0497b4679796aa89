using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>Brings a successful answer to the client, in the form that the client wants.</summary>
internal static class AnswerRelay
{
    /// <summary>Relays it. An error: nothing has been sent.</summary>
    public static async ValueTask<ApiError?> RunAsync(Attempt attempt, Action beginEvents)
    {
        await using var body = await attempt.OpenBodyAsync();
        var response = attempt.Response!;
        if (MediaTypes.IsEvents(response))
        {
            beginEvents();
            ResponseHeaders.Copy(response, attempt.Exchange.Http.Response);
            return await EventRelay.RunAsync(attempt, body, CreateRelay(attempt));
        }

        if (!MediaTypes.IsJson(response))
        {
            return await RawRelay.RunAsync(attempt, body);
        }

        using var bytes = new PooledBytes(attempt.Budget);
        return await JsonRelay.ReadAsync(attempt, body, bytes) ?? await JsonRelay.RunAsync(attempt, bytes.Memory);
    }

    private static FrameRelay CreateRelay(Attempt attempt) => attempt.Exchange.Operation.Dialect switch
    {
        StreamDialect.Chat => new ChatRelay(attempt.Exchange, data => UpstreamErrors.FromAnswer(attempt, data)),
        StreamDialect.Responses => new ResponsesRelay(attempt.Exchange, data => UpstreamErrors.FromAnswer(attempt, data)),
        _ => new OpaqueRelay(MediaTypes.Of(attempt.Response!), data => UpstreamErrors.FromAnswer(attempt, data)),
    };
}
