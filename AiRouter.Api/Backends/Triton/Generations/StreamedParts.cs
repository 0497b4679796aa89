using System.IO.Pipelines;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Prompting.Outputs;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Generations;

/// <summary>Writes the parts of one choice as chunks of a stream. Nothing is allocated for a part.</summary>
internal sealed class StreamedParts : IAnswerParts
{
    private readonly int _choice;
    private readonly AnswerStyle _style;
    private readonly StreamOpening _opening;

    private StreamedParts(int choice, AnswerStyle style, StreamOpening opening)
    {
        _choice = choice;
        _style = style;
        _opening = opening;
    }

    /// <summary>Writes the chunks.</summary>
    public ChunkWriter Chunks => _opening.Chunks;

    /// <summary>Whether anything was written since <see cref="BeginTurn"/>.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Whether the choice's last chunk was written.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>One for each choice, in order.</summary>
    public static StreamedParts[] For(
        EventStream events, IReadOnlyList<Choice> choices, TextRequest request, AnswerHead head, bool includeUsage)
    {
        var chunks = new ChunkWriter(request.Dialect, head, choices.Count, includeUsage, request.Settings.LogProbs);
        var opening = new StreamOpening(events, chunks, choices, request.Echo);
        return [.. choices.Select(choice => new StreamedParts(choice.Index, request.Reading.Style, opening))];
    }

    /// <summary>The next read begins.</summary>
    public void BeginTurn() => HasWritten = false;

    /// <inheritdoc/>
    public void Content(VisibleText text, IReadOnlyList<TokenLogProb> tokens, int textOffset) =>
        Chunks.WriteText(Begin(), _choice, text, tokens, textOffset);

    /// <inheritdoc/>
    public void Reasoning(ReadOnlySpan<byte> text)
    {
        var writer = Begin();
        foreach (var piece in new LongText(text, ChunkWriter.MaxTextBytes))
        {
            Chunks.WriteDelta(writer, _choice, new ReasoningDelta(piece, _style.RepeatsReasoning));
        }
    }

    /// <inheritdoc/>
    public void BeginCall(int index, string id, ReadOnlySpan<byte> name) =>
        Chunks.WriteDelta(Begin(isCall: true), _choice, new CallDelta(index, id, name, _style.IsLegacyCall));

    /// <inheritdoc/>
    public void Arguments(int index, ReadOnlySpan<byte> json)
    {
        var writer = Begin();
        foreach (var piece in new LongText(json, ChunkWriter.MaxTextBytes))
        {
            Chunks.WriteDelta(writer, _choice, new ArgumentsDelta(index, piece, _style.IsLegacyCall));
        }
    }

    /// <summary>The choice's last chunk.</summary>
    public void Finish(ReadOnlySpan<byte> reason)
    {
        Chunks.WriteFinish(Begin(), _choice, reason);
        IsFinished = true;
    }

    private PipeWriter Begin(bool isCall = false)
    {
        HasWritten = true;
        return _opening.Begin(isCall ? _choice : -1);
    }
}
