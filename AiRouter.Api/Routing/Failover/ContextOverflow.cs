using AiRouter.Api.Errors;

namespace AiRouter.Api.Routing.Failover;

/// <summary>Whether a request was refused because it is too long for the model, by the router's count or by a backend's word.</summary>
internal static class ContextOverflow
{
    // OpenAI and vLLM; SGLang; llama.cpp; Anthropic, for a prompt and for one with its answer.
    private static readonly string[] Words =
        ["maximum context length", "the model's context length", "exceed_context_size", "prompt is too long", "exceed context limit"];

    /// <summary>It was.</summary>
    public static bool IsCauseOf(ApiError error) => error.Cause switch
    {
        ErrorCause.ContextLengthExceeded => true,
        ErrorCause.BackendRejected => error.Code == "context_length_exceeded" ||
            Array.Exists(Words, word =>
                error.Message.Contains(word, StringComparison.Ordinal) || error.Type?.Contains(word, StringComparison.Ordinal) == true),
        _ => false,
    };
}
