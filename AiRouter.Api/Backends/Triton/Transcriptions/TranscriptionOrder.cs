namespace AiRouter.Api.Backends.Triton.Transcriptions;

/// <summary>What a request asks for besides its file.</summary>
/// <param name="Translates">Whether into English.</param>
internal sealed record TranscriptionOrder(bool Translates)
{
    /// <summary>What is spoken, by Whisper's code; null: the client does not say.</summary>
    public string? Language { get; init; }

    /// <summary>What was said before, or how it is spelt.</summary>
    public string? Prompt { get; init; }

    /// <summary>How freely the model chooses; null: as it does without.</summary>
    public double? Temperature { get; init; }

    /// <summary>Whether the text comes window by window.</summary>
    public bool Streams { get; init; }

    /// <summary>What the answer looks like.</summary>
    public TranscriptFormat Format { get; init; }
}
