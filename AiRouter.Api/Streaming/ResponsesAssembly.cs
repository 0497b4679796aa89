using System.Text.Json;

namespace AiRouter.Api.Streaming;

/// <summary>The Responses API repeats the whole response in its last event: that one is the answer.</summary>
internal sealed class ResponsesAssembly : IAnswerAssembly
{
    private byte[]? _response;

    /// <inheritdoc/>
    public bool IsWhole => _response is not null;

    /// <inheritdoc/>
    public bool IsError(ReadOnlySpan<byte> data, in ChunkScan scan) => TypeOf(data, in scan).SequenceEqual("error"u8);

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<byte> data)
    {
        if (ChunkScan.TryRead(data, out var scan) && scan.Response.Type == JsonTokenType.StartObject &&
            IsLast(TypeOf(data, in scan)))
        {
            _response = data.Slice(scan.Response.ValueStart, scan.Response.ValueLength).ToArray();
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ToJson() => _response;

    /// <summary>Whether an event of this type ends a response.</summary>
    public static bool IsLast(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("response.completed"u8) || type.SequenceEqual("response.incomplete"u8) ||
        type.SequenceEqual("response.failed"u8);

    /// <summary>The event's type.</summary>
    public static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> data, in ChunkScan scan) =>
        scan.Type.Type == JsonTokenType.String ? data.Slice(scan.Type.ValueStart + 1, scan.Type.ValueLength - 2) : default;
}
