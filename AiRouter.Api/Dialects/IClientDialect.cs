using System.Text.Json.Nodes;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Dialects;

/// <summary>
/// An API in which clients hold conversations, other than chat completions. Where a backend does not speak it, its requests become
/// chat requests, and the answers of those become its own: there is one way to each backend, whatever the client speaks.
/// </summary>
internal interface IClientDialect
{
    /// <summary>The chat request that means the same, with <c>stream</c> as asked and, for a stream, its usage asked for.</summary>
    /// <param name="request">The client's request: valid JSON, a conversation of its own (nothing stored has to be looked up any more).</param>
    /// <param name="error">What cannot be translated, in OpenAI's terms and naming the client's own member; null: nothing.</param>
    JsonObject? ToChat(JsonObject request, out ApiError? error);

    /// <summary>What the members of that chat request are called in the client's own.</summary>
    /// <param name="request">A request that <see cref="ToChat"/> has translated.</param>
    /// <param name="earlier">How many items of a conversation that is kept were put before those that the client has sent.</param>
    MemberNames NamesOf(JsonObject request, int earlier = 0);

    /// <summary>Begins to translate the answer of a chat request.</summary>
    /// <param name="request">What the client asked: some dialects repeat it in the answer.</param>
    /// <param name="head">What the answer is called.</param>
    IAnswerTranslation Begin(JsonObject request, DialectHead head);

    /// <summary>Begins to translate what comes of a request of which only the tokens are counted.</summary>
    IAnswerTranslation BeginCount();
}
