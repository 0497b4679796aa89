namespace AiRouter.Triton;

/// <summary>What was said in the audio of a <see cref="TranscriptionRequest"/>, or why that is not known.</summary>
/// <param name="Text">As the model wrote it; empty when <see cref="Failure"/> is set.</param>
/// <param name="Failure">Why the call failed.</param>
public sealed record TranscriptionResult(string Text, TritonFailure? Failure = null);
