namespace AiRouter.Api.Backends.Triton.Transcriptions;

/// <summary>What a client wants to be answered with (<c>response_format</c>).</summary>
internal enum TranscriptFormat
{
    /// <summary>An object with the text.</summary>
    Json,

    /// <summary>The text alone.</summary>
    Text,

    /// <summary>An object with the text and its segments.</summary>
    VerboseJson,

    /// <summary>Subtitles of SubRip.</summary>
    Srt,

    /// <summary>Subtitles of WebVTT.</summary>
    Vtt,
}
