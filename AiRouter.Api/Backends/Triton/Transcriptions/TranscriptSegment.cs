namespace AiRouter.Api.Backends.Triton.Transcriptions;

/// <summary>What was said in one window.</summary>
/// <param name="Start">Where it begins, in seconds.</param>
/// <param name="End">Where it ends, in seconds.</param>
/// <param name="Text">Without white space around it; may be empty.</param>
internal sealed record TranscriptSegment(double Start, double End, string Text);
