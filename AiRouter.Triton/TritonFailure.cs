namespace AiRouter.Triton;

/// <summary>A failed call, as a value.</summary>
/// <param name="Kind">The cause.</param>
/// <param name="Detail">The server's words or ours. May hold prompts: for Trace logs only, never for clients.</param>
/// <param name="Parameter">The request parameter at fault, when it is one.</param>
public sealed record TritonFailure(TritonFailureKind Kind, string Detail, GenerationParameter? Parameter = null);
