using System.Text;
using AiRouter.Triton.Grpc;
using AiRouter.Triton.Models;
using AiRouter.Triton.Protocol;
using AiRouter.Triton.Text;

namespace AiRouter.Triton;

/// <summary>
/// Reads the responses of one generation: text, counters, finish reason. The outputs have the same names in every
/// family (<c>triton.md</c> §1); one that is not there is not read.
/// </summary>
internal sealed class GenerationOutput(GenerationRequest request, IStreamedText streamedText, PromptEcho? echo)
{
    private readonly TextBuffer _text = new();
    private int _responses;
    private int _counted;
    private bool _hasFinalFlag;
    private bool _hasText;

    public bool IsStreaming { get; init; }

    /// <summary>Whether the model was told the token limit.</summary>
    public bool IsLimited { get; init; }

    public ReadOnlyMemory<byte> Text => _text.Memory;

    public FinishReason? FinishReason { get; private set; }

    public int? InputTokens { get; private set; }

    public int OutputTokens => IsOutputCounted ? _counted : IsTextInPieces ? _responses : 0;

    public bool IsOutputCounted { get; private set; }

    public IReadOnlyList<TokenLogProb>? LogProbs { get; private set; }

    /// <summary>
    /// Whether responses can stand for tokens. A model that was asked to stream may answer in one piece all the same.
    /// </summary>
    private bool IsTextInPieces => IsStreaming && _responses > 1;

    /// <summary>Whether a response with outputs has come.</summary>
    public bool HasReceived { get; private set; }

    /// <summary>Whether the final response has come.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Whether the last response brought nothing: a flags-only final.</summary>
    public bool IsLastReadEmpty { get; private set; }

    public void BeginRead()
    {
        _text.Clear();
        LogProbs = null;
    }

    public void Discard() => BeginRead();

    /// <summary>Takes a response in; gives what is wrong with it, or null.</summary>
    public TritonFailure? Accept(InferResponse response)
    {
        if (response.IsMalformed)
        {
            return Malformed("The message is not a ModelStreamInferResponse.");
        }

        // Any error is the last that comes of a request, and the text beside it ("N/A") is none.
        if (response.HasError)
        {
            return FailureTable.FromText(Encoding.UTF8.GetString(response.Error));
        }

        _hasFinalFlag |= response.HasFinalFlag;
        HasReceived |= response.OutputCount > 0;
        IsLastReadEmpty = response.OutputCount == 0;
        var failure = ReadText(response)
            ?? ReadCounters(response)
            ?? ReadFinishReason(response)
            ?? ReadLogProbs(response);
        if (failure is null && response.IsFinal)
        {
            // A final response may come alone; one with outputs, and none of them ever the text, is no answer.
            if (HasReceived && !_hasText)
            {
                return Malformed("There is no text_output.");
            }

            Finish();
        }

        return failure;
    }

    /// <summary>
    /// The stream ended. That is a good end only from a server that marks no final responses at all, after an answer.
    /// </summary>
    public bool TryEnd()
    {
        if (!IsFinished && _hasText && !_hasFinalFlag)
        {
            Finish();
        }

        return IsFinished;
    }

    private static TritonFailure Malformed(string problem) => new(TritonFailureKind.Malformed, problem);

    private void Finish()
    {
        IsFinished = true;
        streamedText.End(_text);
        IsLastReadEmpty &= _text.Length == 0;
        FinishReason ??= DeriveFinishReason();
    }

    private FinishReason? DeriveFinishReason()
    {
        if (!IsLimited)
        {
            return Triton.FinishReason.Stop;
        }

        if (!IsOutputCounted && !IsTextInPieces)
        {
            return null;
        }

        return OutputTokens >= request.MaxTokens ? Triton.FinishReason.Length : Triton.FinishReason.Stop;
    }

    private TritonFailure? ReadText(InferResponse response)
    {
        if (!response.TryFind("text_output"u8, out var output))
        {
            return null;
        }

        if (!output.TryReadText(out var text))
        {
            return Malformed("text_output is malformed.");
        }

        _hasText = true;
        _responses++;
        streamedText.Take(echo is null ? text : echo.Strip(text), _text);
        return null;
    }

    private TritonFailure? ReadCounters(InferResponse response)
    {
        if (response.TryFind("num_output_tokens"u8, out var output))
        {
            // Each response has its own tokens only; the input's are in every response again.
            if (!output.TryReadSum(out var count) || count > int.MaxValue - _counted)
            {
                return Malformed("num_output_tokens is malformed.");
            }

            IsOutputCounted = true;
            _counted += (int)count;
        }

        if (InputTokens is null && response.TryFind("num_input_tokens"u8, out var input))
        {
            if (!input.TryReadSum(out var count) || count > int.MaxValue)
            {
                return Malformed("num_input_tokens is malformed.");
            }

            InputTokens = (int)count;
        }

        return null;
    }

    private TritonFailure? ReadFinishReason(InferResponse response)
    {
        if (!response.TryFind("finish_reason"u8, out var output))
        {
            return null;
        }

        if (!output.TryReadText(out var reason))
        {
            return Malformed("finish_reason is malformed.");
        }

        if (reason.SequenceEqual("stop"u8))
        {
            FinishReason = Triton.FinishReason.Stop;
        }
        else if (reason.SequenceEqual("length"u8))
        {
            FinishReason = Triton.FinishReason.Length;
        }
        else if (reason.SequenceEqual("abort"u8) || reason.SequenceEqual("cancelled"u8)
            || reason.SequenceEqual("timeout"u8) || reason.SequenceEqual("error"u8))
        {
            return new TritonFailure(
                TritonFailureKind.Unclassified, $"The model gave up: {Encoding.UTF8.GetString(reason)}.");
        }

        // "None" while it runs, and words that are not known: the number of tokens decides.
        return null;
    }

    private TritonFailure? ReadLogProbs(InferResponse response)
    {
        if (!request.LogProbs || !response.TryFind("logprobs"u8, out var output))
        {
            return null;
        }

        LogProbs = output.TryReadText(out var json) ? VllmLogProbs.Read(json, request.TopLogProbs ?? 0) : null;
        return LogProbs is null ? Malformed("logprobs is malformed.") : null;
    }
}
