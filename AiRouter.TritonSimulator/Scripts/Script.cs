namespace AiRouter.TritonSimulator.Scripts;

/// <summary>
/// What a prompt asks the simulator to do, by words in double brackets. The table in <c>docs/simulator.md</c> lists them.
/// A number of tokens of -1 means never.
/// </summary>
internal sealed record Script
{
    /// <summary>The answer, when the prompt gives one.</summary>
    public string? Text { get; init; }

    /// <summary>Special tokens before the text.</summary>
    public IReadOnlyList<string> SpecialsBefore { get; init; } = [];

    /// <summary>Special tokens after the text.</summary>
    public IReadOnlyList<string> SpecialsAfter { get; init; } = [];

    /// <summary>The answer tells which images came.</summary>
    public bool TellImages { get; init; }

    /// <summary>How many tokens the answer has; null is as many as its text.</summary>
    public int? Tokens { get; init; }

    /// <summary>Milliseconds before each token.</summary>
    public int? DelayMs { get; init; }

    /// <summary>Milliseconds before the first token.</summary>
    public int? StartMs { get; init; }

    /// <summary>The text of an error, for <see cref="ErrorAfter"/>.</summary>
    public string? ErrorText { get; init; }

    /// <summary>After so many tokens comes an error inside the stream.</summary>
    public int ErrorAfter { get; init; } = -1;

    /// <summary>After so many tokens comes nothing more.</summary>
    public int HangAfter { get; init; } = -1;

    /// <summary>After so many tokens the RPC is reset (RST_STREAM).</summary>
    public int ResetAfter { get; init; } = -1;

    /// <summary>After so many tokens the connection is cut.</summary>
    public int DropAfter { get; init; } = -1;

    /// <summary>After so many tokens the RPC ends with OK, without a final response.</summary>
    public int CloseAfter { get; init; } = -1;

    /// <summary>After so many tokens the RPC ends with <see cref="Status"/>.</summary>
    public int StatusAfter { get; init; } = -1;

    /// <summary>The gRPC status for <see cref="StatusAfter"/>.</summary>
    public Grpc.Core.StatusCode Status { get; init; } = Grpc.Core.StatusCode.Unavailable;

    /// <summary>After so many tokens comes a tensor whose content is shorter than it says.</summary>
    public int MalformedAfter { get; init; } = -1;

    /// <summary>The bytes of a multi-byte character come in different responses.</summary>
    public bool SplitCharacters { get; init; }

    /// <summary>With split characters: each response is detokenised, so that half characters are U+FFFD.</summary>
    public bool ReplaceHalfCharacters { get; init; }

    /// <summary>Deltas lose the space before a word.</summary>
    public bool LoseSpaces { get; init; }

    /// <summary>An empty text goes before each token.</summary>
    public bool EmptyResponses { get; init; }

    /// <summary>The first token has so many MiB.</summary>
    public int HugeMiB { get; init; }

    /// <summary>The finish reason told, instead of the true one.</summary>
    public string? FinishReason { get; init; }
}
