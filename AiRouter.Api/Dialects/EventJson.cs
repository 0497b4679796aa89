using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Dialects;

/// <summary>
/// JSON writers for events, one kept for each thread: an event for each token would leave a writer behind with each. They hold nothing
/// but where they write.
/// </summary>
internal static class EventJson
{
    [ThreadStatic]
    private static Utf8JsonWriter? _kept;

    /// <summary>A writer in which characters beyond ASCII stay as they are; goes back with <see cref="End"/>, on the same thread.</summary>
    public static Utf8JsonWriter Begin(IBufferWriter<byte> output)
    {
        if (_kept is not { } json)
        {
            return new Utf8JsonWriter(output, LogProbJson.Options);
        }

        _kept = null;
        json.Reset(output);
        return json;
    }

    /// <summary>Everything has been written.</summary>
    public static void End(Utf8JsonWriter json)
    {
        json.Flush();
        json.Reset(Nowhere.Instance);
        _kept = json;
    }

    /// <summary>Lets go of the output, which may be a connection's.</summary>
    private sealed class Nowhere : IBufferWriter<byte>
    {
        public static readonly Nowhere Instance = new();

        public void Advance(int count) => throw new InvalidOperationException("Nothing is to be written.");

        public Memory<byte> GetMemory(int sizeHint = 0) => throw new InvalidOperationException("Nothing is to be written.");

        public Span<byte> GetSpan(int sizeHint = 0) => throw new InvalidOperationException("Nothing is to be written.");
    }
}
