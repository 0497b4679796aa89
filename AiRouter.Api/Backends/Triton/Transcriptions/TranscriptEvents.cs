using System.Text.Json.Nodes;
using AiRouter.Api.Streaming;
using AiRouter.Core.Json;

namespace AiRouter.Api.Backends.Triton.Transcriptions;

/// <summary>
/// A transcript as a stream: a delta for each window, then the whole text, then <c>[DONE]</c> (OpenAI API reference, audio).
/// </summary>
internal static class TranscriptEvents
{
    /// <summary>Sends what a window adds. False: the client has gone.</summary>
    public static ValueTask<bool> SendDeltaAsync(EventStream events, string delta, CancellationToken cancellationToken) =>
        events.WriteAsync(Frame(new JsonObject { ["type"] = "transcript.text.delta", ["delta"] = delta }), cancellationToken);

    /// <summary>Sends the end. False: the client has gone.</summary>
    public static ValueTask<bool> SendDoneAsync(EventStream events, Transcript transcript, CancellationToken cancellationToken)
    {
        var done = new JsonObject
        {
            ["type"] = "transcript.text.done",
            ["text"] = transcript.Text,
            ["usage"] = TranscriptWriter.Usage(transcript),
        };
        byte[] frames = [.. Frame(done), .. "data: [DONE]\n\n"u8];
        return events.WriteAsync(frames, cancellationToken);
    }

    private static byte[] Frame(JsonObject message) => [.. "data: "u8, .. JsonBytes.RelaxedOf(message), .. "\n\n"u8];
}
