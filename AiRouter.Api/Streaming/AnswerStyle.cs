namespace AiRouter.Api.Streaming;

/// <summary>What else an answer looks like, as model and request want it.</summary>
/// <param name="RepeatsReasoning">Reasoning goes into <c>reasoning</c> too, beside <c>reasoning_content</c>.</param>
/// <param name="IsLegacyCall">A call is a <c>function_call</c>: the request had <c>functions</c>.</param>
internal readonly record struct AnswerStyle(bool RepeatsReasoning = false, bool IsLegacyCall = false);
