using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Core.Metering;
using AiRouter.Prompting.Outputs;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Generations;

/// <summary>One choice of an answer while it is generated: what comes from the model, less what the client must not see.</summary>
internal sealed class Choice(int index, Prompt prompt, Generation generation, StopStrings stops, bool withLogProbs, int maxTokens)
    : IAsyncDisposable
{
    private readonly StopMatcher _matcher = new(stops);
    private readonly LogProbTrack? _logProbs = withLogProbs ? new LogProbTrack() : null;
    private long _received;
    private long _visible;

    /// <summary>Its place in the answer.</summary>
    public int Index => index;

    /// <summary>What it continues.</summary>
    public Prompt Prompt => prompt;

    /// <summary>Where its text comes from.</summary>
    public Generation Generation => generation;

    /// <summary>Whether log probabilities are wanted.</summary>
    public bool HasLogProbs => _logProbs is not null;

    /// <summary>Code points of the text before the tokens that are taken next.</summary>
    public int TextOffset => _logProbs?.TextOffset ?? 0;

    /// <summary>A stop text was found: nothing more is read.</summary>
    public bool IsStopped => _matcher.IsStopped;

    /// <summary>
    /// What the last read made visible. Ends the work at the backend as soon as a stop text is complete: what comes after
    /// would be paid for and thrown away.
    /// </summary>
    public VisibleText Take()
    {
        var text = generation.Text.Span;
        _received += text.Length;
        _logProbs?.Add(generation.LogProbs);
        var visible = _matcher.Push(text);
        _visible += visible.Length;
        if (_matcher.IsStopped)
        {
            generation.Cancel();
        }

        return visible;
    }

    /// <summary>The text has ended: what was held back in case a stop text would come.</summary>
    public VisibleText TakeHeld()
    {
        var held = _matcher.Flush();
        _visible += held.Length;
        return new VisibleText(held, default);
    }

    /// <summary>The log probabilities that belong to the text taken so far.</summary>
    public IReadOnlyList<TokenLogProb> TakeLogProbs(bool isEnd) => _logProbs switch
    {
        null => [],
        _ when isEnd && !IsStopped => _logProbs.TakeRest(),
        _ => _logProbs.Take(_visible),
    };

    /// <summary>The tokens that were generated, and whether the model has counted them.</summary>
    public (int Tokens, bool IsCounted) Output() => generation switch
    {
        { IsOutputCounted: true } => (generation.OutputTokens, true),
        { OutputTokens: > 0 } => (generation.OutputTokens, false),
        _ => (TokenEstimate.FromBytes(_received), false),
    };

    /// <summary>Why it ended. Where neither the model nor a count tells, the estimate does.</summary>
    public ReadOnlySpan<byte> FinishReason()
    {
        if (IsStopped)
        {
            return "stop"u8;
        }

        var isLength = generation.FinishReason is { } reason
            ? reason == AiRouter.Triton.FinishReason.Length
            : Output().Tokens >= maxTokens;
        return isLength ? "length"u8 : "stop"u8;
    }

    /// <summary>Ends the work at the backend if it still goes on.</summary>
    public ValueTask DisposeAsync() => generation.DisposeAsync();
}
