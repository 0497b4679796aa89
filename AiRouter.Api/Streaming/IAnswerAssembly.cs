namespace AiRouter.Api.Streaming;

/// <summary>Puts the events of a stream together to the answer that would have come without one.</summary>
internal interface IAnswerAssembly
{
    /// <summary>Nothing is missing.</summary>
    bool IsWhole { get; }

    /// <summary>Whether an event says that the answer failed.</summary>
    bool IsError(ReadOnlySpan<byte> data, in ChunkScan scan);

    /// <summary>Takes an event in.</summary>
    void Add(ReadOnlySpan<byte> data);

    /// <summary>The answer.</summary>
    ReadOnlyMemory<byte> ToJson();
}
