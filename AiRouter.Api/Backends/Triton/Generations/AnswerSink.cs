using System.Text;
using AiRouter.Api.Streaming;
using AiRouter.Prompting.Outputs;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Generations;

/// <summary>
/// Between the parser of a choice and its client: looks for the client's stop texts in the content and in nothing else
/// (R16), keeps log probabilities in step with it, numbers the calls and gives them ids.
/// </summary>
internal sealed class AnswerSink(ChoiceSettings settings) : IOutputSink
{
    private readonly StopMatcher _matcher = new(settings.Stops);
    private readonly LogProbTrack? _logProbs = settings.WithLogProbs ? new LogProbTrack() : null;
    private readonly ContentTokens? _contentTokens =
        settings is { WithLogProbs: true, Reading.IsPlain: false } ? new ContentTokens() : null;
    private HashSet<string>? _ids;
    private IAnswerParts? _parts;
    private bool _callsAreOver;
    private long _visible;

    /// <summary>How many of the generated tokens were reasoning; null where none is looked for.</summary>
    public ReasoningCount? ReasoningCount { get; } =
        settings.Reading.Reasoning is null ? null : new ReasoningCount(settings.Tokenizer);

    /// <summary>A stop text was found in the content.</summary>
    public bool HasStopText => _matcher.IsStopped;

    /// <summary>Nothing more goes to the client.</summary>
    public bool IsStopped => _matcher.IsStopped || _callsAreOver;

    /// <summary>The calls that have begun.</summary>
    public int Calls { get; private set; }

    /// <summary>The model's next piece is read, for <paramref name="parts"/>.</summary>
    public void BeginRead(IAnswerParts parts, ReadOnlySpan<byte> text, IReadOnlyList<TokenLogProb>? tokens)
    {
        _parts = parts;
        if (_contentTokens is not null)
        {
            _contentTokens.Add(text, tokens);
        }
        else
        {
            _logProbs?.Add(tokens);
        }
    }

    /// <summary>The model's answer has ended: what was held back in case a stop text would come is content.</summary>
    public void End()
    {
        if (!IsStopped)
        {
            Show(new VisibleText(_matcher.Flush(), default), isEnd: true);
        }
    }

    /// <inheritdoc/>
    public void Content(ReadOnlySpan<byte> text)
    {
        if (IsStopped)
        {
            return;
        }

        ReasoningCount?.AddOther();
        _contentTokens?.TakeContent(text, _logProbs!);
        Show(_matcher.Push(text), isEnd: false);
    }

    /// <inheritdoc/>
    public void Reasoning(ReadOnlySpan<byte> text)
    {
        if (IsStopped)
        {
            return;
        }

        ShowHeld();
        ReasoningCount?.Add(text);
        _contentTokens?.Skip(text);
        _parts!.Reasoning(text);
    }

    /// <inheritdoc/>
    public void BeginToolCall(ReadOnlySpan<byte> id, ReadOnlySpan<byte> name)
    {
        if (IsStopped)
        {
            return;
        }

        ShowHeld();
        ReasoningCount?.AddOther();
        _contentTokens?.Skip(name);
        _parts!.BeginCall(Calls, IdOf(id), name);
        Calls++;
    }

    /// <inheritdoc/>
    public void Arguments(ReadOnlySpan<byte> json)
    {
        if (IsStopped || json.IsEmpty)
        {
            return;
        }

        ReasoningCount?.AddOther();
        _contentTokens?.Skip(json);
        _parts!.Arguments(Calls - 1, json);
    }

    /// <inheritdoc/>
    public void EndToolCall() => _callsAreOver |= !settings.Reading.IsParallel && !IsStopped;

    /// <summary>Something else comes: what could have been the beginning of a stop text was none.</summary>
    private void ShowHeld()
    {
        if (_matcher.Held > 0)
        {
            Show(new VisibleText(_matcher.Flush(), default), isEnd: false);
        }
    }

    private void Show(VisibleText text, bool isEnd)
    {
        _visible += text.Length;
        if (_logProbs is null)
        {
            if (!text.IsEmpty)
            {
                _parts!.Content(text, [], 0);
            }

            return;
        }

        var offset = _logProbs.TextOffset;
        var tokens = isEnd ? _logProbs.TakeRest() : _logProbs.Take(_visible);
        if (!text.IsEmpty || tokens.Count > 0)
        {
            _parts!.Content(text, tokens, offset);
        }
    }

    /// <summary>The model's own id where it has one that no call before has; else one of ours.</summary>
    private string IdOf(ReadOnlySpan<byte> id)
    {
        _ids ??= new HashSet<string>(StringComparer.Ordinal);
        var text = id.IsEmpty ? null : Encoding.UTF8.GetString(id);
        while (text is null || !_ids.Add(text))
        {
            text = settings.Ids.NewCall(settings.Reading.Calls?.IdLength);
        }

        return text;
    }
}
