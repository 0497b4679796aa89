using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Routing;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>
/// Counts prompts where the model's tokenizer is known: what does not fit is refused (R17), and a request without a token
/// limit gets the room that is left (R9).
/// </summary>
internal static class PromptTokens
{
    /// <summary>The request with its token limit.</summary>
    public static TextRequest Fit(TextRequest request, Translation translation, out ApiError? error)
    {
        error = null;
        var tokenizer = translation.Exchange.Model!.Model.Tokenizer;
        if (tokenizer is null || request.Settings.Images.Count > 0)
        {
            // What an image costs is known to the model alone.
            return request;
        }

        request = request with
        {
            Prompts =
            [
                .. request.Prompts.Select(
                    prompt => prompt with { Tokenizer = tokenizer, BackendAddsBos = translation.BackendAddsBos }),
            ],
        };
        if (translation.Exchange.Operation.CountsOnly || !ContextLimits.Has(translation.Model))
        {
            return request;
        }

        error = Check(request, translation);
        var longest = request.Prompts.Max(prompt => prompt.CountTokens());
        return error is null && request.TokenLimit is null && ContextLimits.Default(translation.Model, longest) is { } limit
            ? request with { Settings = request.Settings with { MaxTokens = limit } }
            : request;
    }

    /// <summary>The tokens of each prompt; null: there is no exact count.</summary>
    public static IReadOnlyList<InputPart>? Of(TextRequest request) =>
        request.Prompts.All(static prompt => prompt.CountTokens() is not null)
            ? [.. request.Prompts.Select(static prompt => new InputPart("messages", prompt.CountTokens()!.Value))]
            : null;

    private static ApiError? Check(TextRequest request, Translation translation)
    {
        var asked = request.TokenLimit is null ? (int?)null : request.Settings.MaxTokens;
        for (var i = 0; i < request.Prompts.Count; i++)
        {
            var param = request.Prompts[i].Sent is null && request.Prompts[i].Tokens is null ? "messages"
                : request.Prompts.Count == 1 ? "prompt"
                : $"prompt[{i}]";
            if (request.Prompts[i].CountTokens() is { } count &&
                ContextLimits.Check(translation.Exchange, count, asked, param) is { } error)
            {
                return error;
            }
        }

        return null;
    }
}
