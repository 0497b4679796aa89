namespace AiRouter.Api.Backends.Anthropic.Answers;

/// <summary>Why an answer ended, as chat calls it.</summary>
internal static class FinishReasons
{
    /// <summary>From a <c>stop_reason</c>. A turn that Anthropic paused has no other name in chat than that of one that ended.</summary>
    public static string Of(string stopReason) => stopReason switch
    {
        "max_tokens" or "model_context_window_exceeded" => "length",
        "tool_use" => "tool_calls",
        "refusal" => "content_filter",
        _ => "stop",
    };
}
