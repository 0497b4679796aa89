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
        if (attempt.Response!.Status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent)
        {
            return RelayEmpty(attempt);
        }

        await using var body = attempt.OpenBody();
        var operation = attempt.Exchange.Operation;
        var (form, content) = await AnswerForms.FindAsync(attempt, body);
        var translates = attempt.Exchange.Model is not null && operation.MayStream && operation.Dialect != StreamDialect.Opaque;
        switch (form)
        {
            case AnswerForm.Events when translates && !attempt.Plan.ToClient:
                return await StreamToJson.RunAsync(attempt, content);
            case AnswerForm.Events when attempt.HasModel && !operation.MayStream:
                return new ApiError(ErrorCause.BackendProtocol, "The backend streams an answer that cannot be a stream.");
            case AnswerForm.Events:
                beginEvents();
                await ResponseHeaders.CopyAsync(attempt, attempt.Exchange.Events!);
                return await EventRelay.RunAsync(attempt, content, CreateRelay(attempt));
            case AnswerForm.Json:
                using (var bytes = new PooledBytes(attempt.Budget))
                {
                    return await JsonRelay.ReadAsync(attempt, content, bytes)
                        ?? await (translates && attempt.Plan.ToClient
                            ? JsonToStream.RunAsync(attempt, bytes.Memory)
                            : JsonRelay.RunAsync(attempt, bytes.Memory));
                }

            default:
                return await RawRelay.RunAsync(attempt, content);
        }
    }

    /// <summary>Deleting an object may need no words; a model that has none has not answered.</summary>
    private static ApiError? RelayEmpty(Attempt attempt)
    {
        if (attempt.HasModel)
        {
            return new ApiError(ErrorCause.BackendProtocol, "The backend's answer is empty.");
        }

        ResponseHeaders.Copy(attempt.Response!, attempt.Exchange.Http.Response);
        attempt.Exchange.Http.Response.StatusCode = attempt.Response!.Status;
        return null;
    }

    /// <summary>The relay of the operation's dialect.</summary>
    public static FrameRelay CreateRelay(Attempt attempt) => attempt.Exchange.Operation.Dialect switch
    {
        StreamDialect.Chat => new ChatRelay(attempt.Exchange, data => UpstreamErrors.FromAnswer(attempt, data))
        {
            Text = attempt.Text,
        },
        StreamDialect.Responses => new ResponsesRelay(
            attempt.Exchange, data => UpstreamErrors.FromAnswer(attempt, data), attempt.RememberObject),
        StreamDialect.Messages => new MessagesRelay(attempt.Exchange, data => UpstreamErrors.FromAnswer(attempt, data)),
        _ => new OpaqueRelay(attempt.Exchange, data => UpstreamErrors.FromAnswer(attempt, data)),
    };
}
