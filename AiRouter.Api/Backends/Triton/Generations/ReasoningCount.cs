using System.Buffers;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Generations;

/// <summary>
/// How many of a choice's tokens were reasoning, where that can be known: from the model's own count while it streams
/// (its markers count too), else from its tokenizer.
/// </summary>
internal sealed class ReasoningCount(ITokenCounter? tokenizer) : IDisposable
{
    private readonly PooledBufferWriter? _text = tokenizer is null ? null : new PooledBufferWriter();
    private bool _hasReasoning;
    private bool _hasOther;
    private bool _isUncounted;
    private int _seen;
    private int _tokens;

    /// <summary>More reasoning in the piece that is read.</summary>
    public void Add(ReadOnlySpan<byte> text)
    {
        _hasReasoning = true;
        _text?.Write(text);
    }

    /// <summary>Something else in the piece that is read.</summary>
    public void AddOther() => _hasOther = true;

    /// <summary>A piece was read. All tokens up to one with reasoning in it count; of several at once all must be.</summary>
    public void EndRead(Generation generation)
    {
        var tokens = generation.OutputTokens;
        if (_hasReasoning)
        {
            _isUncounted |= !generation.IsOutputCounted || (_hasOther && tokens - _seen > 1);
            _tokens = tokens;
        }

        _seen = tokens;
        _hasReasoning = _hasOther = false;
    }

    /// <summary>The tokens; null when nobody can tell.</summary>
    /// <param name="output">All tokens of the choice.</param>
    public int? Of(int output)
    {
        if (!_isUncounted)
        {
            return _tokens;
        }

        return tokenizer?.TryCount(_text!.WrittenSpan, addSpecialTokens: false) is { } tokens
            ? Math.Min(output, tokens)
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _text?.Dispose();
}
