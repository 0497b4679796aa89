using AiRouter.Api.Admission;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Backends.Triton;

/// <summary>
/// What a request for text may come to (R32). The prompt is the one that the model gets: counted exactly where its tokenizer is
/// known, else one token for each byte.
/// </summary>
internal static class TextSize
{
    /// <summary>Measures it; an error where nothing bounds the answer.</summary>
    public static (RequestSize Size, ApiError? Error) Of(Exchange exchange, TextRequest request)
    {
        var model = exchange.Model!.Model.Config;
        var most = (long?)model.MaxInputTokens ?? model.ContextLength ?? long.MaxValue;
        var images = (long)request.Settings.Images.Count * exchange.State.Model.Config.Limits.ImageTokens;
        var input = images;
        foreach (var prompt in request.Prompts)
        {
            // And the token before the prompt that begins it (R15).
            input += prompt.CountTokens() ?? Math.Min(most, prompt.Text.Length + 1L);
        }

        var error = default(ApiError);
        var limit = request.Settings.MaxTokens;
        if (limit == int.MaxValue)
        {
            // A model that takes no limit has none to be bound by.
            error = UnlimitedAnswer.Bound(exchange, out limit);
        }

        return (new RequestSize(input, (long)limit * request.Prompts.Count * request.N, request.N), error);
    }
}
