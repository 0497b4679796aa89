using AiRouter.TritonSimulator.Guides;
using AiRouter.TritonSimulator.Models;

namespace AiRouter.TritonSimulator.Scripts;

/// <summary>What a text model was asked for, whatever tensors its family has for it.</summary>
internal sealed record TextRequest
{
    /// <summary>The prompt.</summary>
    public required string Prompt { get; init; }

    /// <summary>The most tokens that the answer may have.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>The fewest tokens.</summary>
    public int MinTokens { get; init; }

    /// <summary>The answer does not end before <see cref="MaxTokens"/>.</summary>
    public bool IgnoreEnd { get; init; }

    /// <summary>Stop texts.</summary>
    public IReadOnlyList<string> Stops { get; init; } = [];

    /// <summary>Stops match only as whole tokens, and stay in the text, as with TensorRT-LLM.</summary>
    public bool StopsAreTokens { get; init; }

    /// <summary>The stop text stays in the answer.</summary>
    public bool KeepStop { get; init; }

    /// <summary>One response per token, not one for all.</summary>
    public bool Stream { get; init; }

    /// <summary>The prompt goes before the answer when it does not stream.</summary>
    public bool EchoPrompt { get; init; }

    /// <summary>Each streamed text has everything before it.</summary>
    public bool Cumulative { get; init; }

    /// <summary>Answers per request, told apart by sequence_index.</summary>
    public int Sequences { get; init; } = 1;

    /// <summary>Elements of text_output.</summary>
    public int Beams { get; init; } = 1;

    /// <summary>Outputs asked for by a return_… input, without that prefix.</summary>
    public IReadOnlySet<string> Returns { get; init; } = new HashSet<string>();

    /// <summary>What the answer must be.</summary>
    public Guide? Guide { get; init; }

    /// <summary>The images of the prompt.</summary>
    public IReadOnlyList<ReceivedImage> Images { get; init; } = [];

    /// <summary>Special tokens of the answer have no text.</summary>
    public bool SkipSpecialTokens { get; init; } = true;

    /// <summary>Alternatives per token in logprobs; null is none asked for.</summary>
    public int? Logprobs { get; init; }
}
