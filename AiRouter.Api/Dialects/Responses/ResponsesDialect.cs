using System.Text.Json.Nodes;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>OpenAI's Responses API (<c>openai-api.md</c> §2.6) over backends that speak chat completions.</summary>
internal sealed class ResponsesDialect : IClientDialect
{
    /// <inheritdoc/>
    public JsonObject? ToChat(JsonObject request, out ApiError? error) => RequestTranslation.ToChat(request, out error);

    /// <inheritdoc/>
    public MemberNames NamesOf(JsonObject request, int earlier = 0) => ResponsesNames.Of(request, earlier);

    /// <inheritdoc/>
    public IAnswerTranslation Begin(JsonObject request, DialectHead head) => new ResponsesAnswer(request, head);

    /// <inheritdoc/>
    public IAnswerTranslation BeginCount() => new CountTranslation("response.input_tokens");
}
