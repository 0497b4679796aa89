using AiRouter.Api.Streaming;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>A chat or legacy completion request, ready to be sent: one generation for each prompt and choice.</summary>
internal sealed record TextRequest
{
    /// <summary>How the answer is written.</summary>
    public required AnswerDialect Dialect { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<Prompt> Prompts { get; init; }

    /// <summary>Choices for each prompt.</summary>
    public int N { get; init; } = 1;

    /// <summary>The prompt goes before the text of each choice.</summary>
    public bool Echo { get; init; }

    /// <summary>The client's stop texts (R16).</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Texts of the tokens that end the model's answer.</summary>
    public IReadOnlyList<string> EndTokens { get; init; } = [];

    /// <summary>What the client called the guide in <see cref="Settings"/>; null when it asked for none.</summary>
    public string? GuideParameter { get; init; }

    /// <summary>How the model's text is read.</summary>
    public AnswerReading Reading { get; init; } = AnswerReading.Plain;

    /// <summary>What the client called its token limit; null when it named none.</summary>
    public string? TokenLimit { get; init; }

    /// <summary>Everything that all generations have in common; its prompt is empty.</summary>
    public required GenerationRequest Settings { get; init; }
}
