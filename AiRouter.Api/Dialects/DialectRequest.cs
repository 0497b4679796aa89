using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Core.Json;

namespace AiRouter.Api.Dialects;

/// <summary>A client's request as nodes, and what it is as a chat; or in both cases why not.</summary>
internal static class DialectRequest
{
    // R43: nobody may read one of two members, and somebody else the other.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = JsonIndex.MaxDepth };

    /// <summary>Reads a JSON object.</summary>
    public static JsonObject? Read(ReadOnlySpan<byte> json, out ApiError? error)
    {
        try
        {
            error = null;
            return (JsonObject?)JsonNode.Parse(json, documentOptions: Strict);
        }
        catch (Exception exception) when (OddJson.IsCause(exception))
        {
            error = Odd(exception);
            return null;
        }
    }

    /// <summary>The JSON of <see cref="IClientDialect.ToChat"/>.</summary>
    public static byte[]? ToChat(IClientDialect dialect, JsonObject request, out ApiError? error)
    {
        try
        {
            return dialect.ToChat(request, out error) is { } chat ? JsonBytes.RelaxedOf(chat) : null;
        }
        catch (Exception exception) when (OddJson.IsCause(exception))
        {
            error = Odd(exception);
            return null;
        }
    }

    // Nodes are read when somebody asks for them: what is wrong with one shows late.
    private static ApiError Odd(Exception exception) =>
        new(ErrorCause.InvalidRequest, "The request body has members that are there twice, or values that are none.")
        {
            Detail = exception.Message,
        };
}
