using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Backends;

/// <summary>Answers whose length a backend cannot be told to limit, where a token limit or a budget covers the request (R32).</summary>
internal static class UnlimitedAnswer
{
    /// <summary>What the configuration says that the model makes at most; an error where it says nothing.</summary>
    public static ApiError? Bound(Exchange exchange, out int tokens)
    {
        var model = exchange.Model!.Model.Config;
        tokens = model.MaxTokens.Max ?? model.ContextLength ?? 0;
        return tokens > 0 ? null : new ApiError(
            ErrorCause.UnsupportedOperation,
            $"The model '{exchange.PublicName}' cannot do this under a token limit or a budget: its backend takes no token limit here, " +
            "so nothing bounds the answer. Ask your administrator to set maxTokens.max of the model.",
            "model");
    }
}
