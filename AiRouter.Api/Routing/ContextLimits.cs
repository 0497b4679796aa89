using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing;

/// <summary>
/// What a model holds (R17): input that was counted exactly is refused before a backend is asked, in the words that clients
/// of OpenAI know; with an estimate the backend decides.
/// </summary>
internal static class ContextLimits
{
    /// <summary>Whether the configuration has a limit to hold a count against.</summary>
    public static bool Has(ModelConfig model) => model.MaxInputTokens is not null || model.ContextLength is not null;

    /// <summary>Why the model cannot take the request, or null.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="input">The exact count of a prompt or an input.</param>
    /// <param name="asked">The tokens that the request wants generated; null: it does not say.</param>
    /// <param name="param">The member that holds the input.</param>
    public static ApiError? Check(Exchange exchange, int input, int? asked, string param)
    {
        var model = exchange.Model!.Model.Config;
        var (what, whose) = exchange.Operation.Name switch
        {
            Operations.Chat => ("messages", "your messages"),
            Operations.Embeddings => ("input", "your input"),
            _ => ("prompt", "your prompt"),
        };
        if (input > model.MaxInputTokens)
        {
            return Error(
                $"This model's maximum input length is {model.MaxInputTokens} tokens. However, {whose} resulted in {input} tokens. " +
                $"Please reduce the length of the {what}.");
        }

        if (model.ContextLength is not { } length)
        {
            return null;
        }

        if (asked is { } completion && input + (long)completion > length)
        {
            return Error(
                $"This model's maximum context length is {length} tokens. However, you requested {input + (long)completion} tokens " +
                $"({input} in the {what}, {completion} in the completion). Please reduce the length of the {what} or completion.");
        }

        // A generated token needs room too.
        var room = exchange.Operation.Name == Operations.Embeddings ? 0 : 1;
        return input + (long)room > length
            ? Error(
                $"This model's maximum context length is {length} tokens. However, {whose} resulted in {input} tokens. " +
                $"Please reduce the length of the {what}.")
            : null;

        ApiError Error(string message) => new(ErrorCause.ContextLengthExceeded, message, param);
    }

    /// <summary>
    /// The token limit of a request that names none (R9): the model's default, but no more than fits; without one all that
    /// fits. Null: nobody knows what fits, and there is no default.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="input">The exact count of the prompt; null: not known.</param>
    public static int? Default(ModelConfig model, int? input)
    {
        var room = model.ContextLength - input;
        var limit = room < model.MaxTokens.Default ? room : model.MaxTokens.Default ?? room;
        return limit > model.MaxTokens.Max ? model.MaxTokens.Max : limit;
    }
}
