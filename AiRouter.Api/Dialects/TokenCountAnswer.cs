using System.Globalization;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Dialects;

/// <summary>What a backend answers that is only asked how many tokens a chat has: a chat answer without choices.</summary>
internal static class TokenCountAnswer
{
    /// <summary>Sends it.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="tokens">The exact count; null: nobody can tell.</param>
    /// <returns>Null, or why there is none.</returns>
    public static async ValueTask<ApiError?> WriteAsync(Exchange exchange, int? tokens)
    {
        if (tokens is not { } count)
        {
            return new ApiError(
                ErrorCause.UnsupportedOperation,
                $"The tokens of the model '{exchange.PublicName}' cannot be counted: the router has no tokenizer for it.", "model");
        }

        exchange.Http.Response.ContentType = "application/json";
        await exchange.Http.Response.WriteAsync(
            "{\"object\":\"chat.completion\",\"choices\":[],\"usage\":{\"prompt_tokens\":"
                + count.ToString(CultureInfo.InvariantCulture) + ",\"completion_tokens\":0}}",
            exchange.Aborted);
        return null;
    }
}
