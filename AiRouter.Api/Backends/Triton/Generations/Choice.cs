using System.Buffers;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Metering;
using AiRouter.Prompting.Outputs;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Generations;

/// <summary>
/// One choice of an answer while it is generated: the model's text, cut at its end tokens, goes through a parser to
/// whoever writes the parts to the client.
/// </summary>
internal sealed class Choice(int index, Prompt prompt, Generation generation, ChoiceSettings settings)
    : IAsyncDisposable
{
    private readonly StopMatcher _ends = new(settings.Ends);
    private readonly IOutputParser _parser = settings.Reading.Start(prompt);
    private readonly AnswerSink _sink = new(settings);
    // The whole text, where the tokenizer has to count it.
    private readonly PooledBufferWriter? _text = prompt.Tokenizer is null || settings.ModelCounts ? null : new PooledBufferWriter();
    private bool _hasBegun;
    private long _received;
    // What the text was counted at, and its tokens.
    private long _counted = -1;
    private int? _count;

    /// <summary>Its place in the answer.</summary>
    public int Index => index;

    /// <summary>What it continues.</summary>
    public Prompt Prompt => prompt;

    /// <summary>Where its text comes from.</summary>
    public Generation Generation => generation;

    /// <summary>The answer is complete before the model's text has ended: nothing more is read.</summary>
    public bool IsStopped => _ends.IsStopped || _sink.IsStopped;

    /// <summary>The tokens of its reasoning; null when nobody looked, or nobody can tell.</summary>
    public int? ReasoningTokens => _sink.ReasoningCount?.Of(Output().Tokens);

    /// <summary>
    /// Gives what the last read brought to <paramref name="parts"/>. Ends the work at the backend as soon as the answer
    /// is complete: what comes after would be paid for and thrown away.
    /// </summary>
    public void Take(IAnswerParts parts)
    {
        var text = generation.Text.Span;
        _received += text.Length;
        _text?.Write(text);
        _sink.BeginRead(parts, text, generation.LogProbs);
        Begin();
        var rest = _ends.Push(text);
        _parser.Push(rest.Held, _sink);
        _parser.Push(rest.Piece, _sink);
        if (_ends.IsStopped)
        {
            EndText();
        }

        _sink.ReasoningCount?.EndRead(generation);
        if (IsStopped)
        {
            generation.Cancel();
        }
    }

    /// <summary>The model's text has ended: what was held back is decided now.</summary>
    public void End(IAnswerParts parts)
    {
        _sink.BeginRead(parts, default, null);
        Begin();
        _parser.Push(_ends.Flush(), _sink);
        EndText();
        _sink.ReasoningCount?.EndRead(generation);
    }

    /// <summary>The tokens that were generated, and whether they were counted: by the model, else by its tokenizer.</summary>
    public (int Tokens, bool IsCounted) Output() => generation switch
    {
        { IsOutputCounted: true } => (generation.OutputTokens, true),
        _ when CountText() is { } counted => (counted, true),
        { OutputTokens: > 0 } => (generation.OutputTokens, false),
        _ => (TokenEstimate.FromBytes(_received), false),
    };

    /// <summary>Why it ended. Where neither the model nor a count tells, the estimate does.</summary>
    public ReadOnlySpan<byte> FinishReason()
    {
        if (!IsStopped && IsLimitReached())
        {
            return "length"u8;
        }

        return _sink.Calls == 0 ? "stop"u8
            : settings.Reading.Style.IsLegacyCall ? "function_call"u8
            : "tool_calls"u8;
    }

    /// <summary>Ends the work at the backend if it still goes on.</summary>
    public ValueTask DisposeAsync()
    {
        _sink.ReasoningCount?.Dispose();
        _text?.Dispose();
        return generation.DisposeAsync();
    }

    /// <summary>The parser reads what was put behind the prompt as if the model had written it.</summary>
    private void Begin()
    {
        if (_hasBegun)
        {
            return;
        }

        _hasBegun = true;
        _parser.Push(settings.Reading.Prefill.Span, _sink);
    }

    private void EndText()
    {
        _parser.End(_sink);
        _sink.End();
    }

    /// <summary>Counted once for all who ask: reason, usage and reasoning.</summary>
    private int? CountText()
    {
        if (_text is null || _counted == _received)
        {
            return _count;
        }

        _counted = _received;
        return _count = prompt.Tokenizer!.TryCount(_text.WrittenSpan, addSpecialTokens: false);
    }

    private bool IsLimitReached() => generation.FinishReason is { } reason
        ? reason == AiRouter.Triton.FinishReason.Length
        : Math.Max(Output().Tokens, generation.OutputTokens) >= settings.MaxTokens;
}
