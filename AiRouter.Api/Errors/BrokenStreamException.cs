namespace AiRouter.Api.Errors;

/// <summary>
/// Leaves the request handler after an in-stream error event was flushed: Kestrel then ends the connection without the chunk
/// terminator, and the event still arrives (R40: 200 of 200; <c>Abort()</c> right after the flush loses it in 97 %).
/// </summary>
internal sealed class BrokenStreamException() : Exception("The response ended in an error event.");
