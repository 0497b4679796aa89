using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Errors;
using AiRouter.Core.Json;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>Anthropic's Messages API, for clients that speak it to backends that do not.</summary>
internal sealed class MessagesDialect : IClientDialect
{
    /// <summary>It has no state.</summary>
    public static readonly MessagesDialect Instance = new();

    /// <inheritdoc/>
    public JsonObject? ToChat(JsonObject request, out ApiError? error)
    {
        try
        {
            // Written and read once more: what is JSON but no values (half surrogate pairs) shows here, and not on the way out.
            var reader = JsonElements.MembersOf(JsonBytes.ElementOf(request));
            var chat = ChatRequest.From(reader);
            error = reader.Error;
            return error is null ? chat : null;
        }
        catch (Exception exception) when (OddJson.IsCause(exception))
        {
            error = new ApiError(
                ErrorCause.InvalidRequest,
                "We could not parse the JSON body of your request: it has the same member twice, or a text that is none.")
            {
                Detail = exception.Message,
            };
            return null;
        }
    }

    /// <inheritdoc/>
    public MemberNames NamesOf(JsonObject request, int earlier = 0) => MessagesNames.Of(request);

    /// <inheritdoc/>
    public IAnswerTranslation Begin(JsonObject request, DialectHead head) => new MessagesAnswer(head, StopSequencesOf(request));

    private static List<string> StopSequencesOf(JsonObject request) =>
        request["stop_sequences"] is JsonArray list
            ? [.. list.Where(static s => s?.GetValueKind() == JsonValueKind.String).Select(static s => (string)s!)]
            : [];

    /// <inheritdoc/>
    public IAnswerTranslation BeginCount() => new CountTranslation(kind: null);
}
