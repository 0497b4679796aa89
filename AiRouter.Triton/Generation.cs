using System.Runtime.CompilerServices;
using AiRouter.Triton.Grpc;
using AiRouter.Triton.Models;
using AiRouter.Triton.Protocol;

namespace AiRouter.Triton;

/// <summary>
/// One text being generated. Single reader: call <see cref="ReadAsync"/> until it gives false, then look at
/// <see cref="Failure"/>; <see cref="Cancel"/> may be called from anywhere.
/// </summary>
public sealed class Generation : IAsyncDisposable
{
    private readonly TritonClient _client;
    private readonly GenerationRequest _request;
    private readonly CancellationToken _cancellationToken;
    private TritonModel _model;
    private GenerationOutput? _output;
    private volatile InferCall? _call;
    private volatile bool _isCancelled;
    private bool _isEnded;
    private bool _isContractRead;

    internal Generation(
        TritonClient client, TritonModel model, GenerationRequest request, CancellationToken cancellationToken)
    {
        _client = client;
        _model = model;
        _request = request;
        _cancellationToken = cancellationToken;
    }

    private enum Step
    {
        Read,
        End,
        Restart,
    }

    /// <summary>
    /// The text that is new since the last read: UTF-8, whole code points, possibly none. Valid until the next read.
    /// </summary>
    public ReadOnlyMemory<byte> Text => _output?.Text ?? default;

    /// <summary>
    /// Why the text ended; null before the end. At the end it is what the model says, else it follows from the number
    /// of tokens (<c>triton.md</c> §3.6); null at the end only when the answer came in one piece from a model that
    /// counts nothing, so that the caller's own tokenizer has to tell.
    /// </summary>
    public FinishReason? FinishReason => _output?.FinishReason;

    /// <summary>Tokens of the prompt, when the model counts them.</summary>
    public int? InputTokens => _output?.InputTokens;

    /// <summary>
    /// Tokens generated so far. When <see cref="IsOutputCounted"/> is false: streamed responses so far, which is an
    /// estimate; 0 for an answer in one piece.
    /// </summary>
    public int OutputTokens => _output?.OutputTokens ?? 0;

    /// <summary>Whether <see cref="OutputTokens"/> is the model's own count.</summary>
    public bool IsOutputCounted => _output?.IsOutputCounted ?? false;

    /// <summary>Log probabilities of the tokens of the last read; null when none came.</summary>
    public IReadOnlyList<TokenLogProb>? LogProbs => _output?.LogProbs;

    /// <summary>
    /// Whether the model was asked to stream; false when it cannot, and then the text comes in one piece.
    /// </summary>
    public bool IsStreaming => _output?.IsStreaming ?? false;

    /// <summary>
    /// Whether the final response has come: there is no more text, and no failure. The read that gives false then only lets the
    /// call end.
    /// </summary>
    public bool IsComplete => _output is { IsFinished: true } && Failure is null;

    /// <summary>Why the text broke off; null while it is read and after a good end.</summary>
    public TritonFailure? Failure { get; private set; }

    /// <summary>
    /// Reads the next response; the first read sends the request. False at the end and on failure. Cancelling the token
    /// ends the call.
    /// </summary>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        _output?.BeginRead();
        if (_isEnded || (_call is null && !TryStart()))
        {
            return ValueTask.FromResult(false);
        }

        // The token of the whole call is linked to it already.
        return cancellationToken.CanBeCanceled && cancellationToken != _cancellationToken
            ? ReadCancellableAsync(cancellationToken)
            : ReadNextAsync();
    }

    /// <summary>Ends the call; the server sees it at once, and the reader gets a failure of kind Cancelled.</summary>
    public void Cancel()
    {
        _isCancelled = true;
        _call?.Cancel();
    }

    /// <summary>Cancels what still runs.</summary>
    public ValueTask DisposeAsync()
    {
        _isEnded = true;
        _call?.Dispose();
        return ValueTask.CompletedTask;
    }

    private ValueTask<bool> ReadNextAsync()
    {
        if (_output!.IsFinished)
        {
            return CompleteAsync();
        }

        var next = _call!.NextAsync();
        if (!next.IsCompletedSuccessfully)
        {
            return AwaitNextAsync(next);
        }

        return Accept(next.Result) switch
        {
            Step.Read => ValueTask.FromResult(true),
            Step.Restart => RestartAsync(),
            _ => _output.IsFinished ? CompleteAsync() : ValueTask.FromResult(false),
        };
    }

    // Pooled: a wait for the network happens for nearly every token.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> AwaitNextAsync(ValueTask<InferResponse?> next)
    {
        var step = Accept(await next.ConfigureAwait(false));
        return step switch
        {
            Step.Read => true,
            Step.Restart => await RestartAsync().ConfigureAwait(false),
            _ => _output!.IsFinished && await CompleteAsync().ConfigureAwait(false),
        };
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadCancellableAsync(CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister(static state => ((Generation)state!).Cancel(), this))
        {
            return await ReadNextAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Sends the request; false when there is something wrong with it.</summary>
    private bool TryStart()
    {
        GenerationStart? start = null;
        var problem = _isCancelled
            ? new TritonFailure(TritonFailureKind.Cancelled, "Cancelled by the caller.")
            : GenerationStart.TryPrepare(_model, _request, _client.Options.Random, out start);
        if (problem is not null)
        {
            return End(problem) == Step.Read;
        }

        _output = start!.Output;
        _call = _client.Infer(
            start.Request,
            _client.Headers(_request.RequestId, _request.TraceParent, _request.TraceState),
            _cancellationToken);
        if (_isCancelled)
        {
            _call.Cancel();
        }

        return true;
    }

    private Step Accept(InferResponse? response)
    {
        if (response is null)
        {
            return _call!.Failure is { } broken
                ? Fail(broken)
                : _output!.TryEnd() ? (_output.Text.IsEmpty ? Step.End : Step.Read)
                : Fail(new TritonFailure(TritonFailureKind.Reset, "The stream ended without a final response."));
        }

        var failure = _output!.Accept(response);
        ResponsePool.Return(response);
        if (failure is not null)
        {
            return Fail(failure);
        }

        return _output.IsFinished && _output.IsLastReadEmpty ? Step.End : Step.Read;
    }

    private Step Fail(TritonFailure failure)
    {
        var isFresh = !_output!.HasReceived && !_isCancelled;
        if (isFresh && _output.IsStreaming && FailureTable.IsStreamingRefused(failure))
        {
            _model.RefusesStreams = true;
            _client.LogStreamingRefused(_model.Name);
            return Step.Restart;
        }

        if (failure.Kind is TritonFailureKind.ContractMismatch or TritonFailureKind.ModelNotFound
            or TritonFailureKind.ModelNotReady)
        {
            _client.Forget(_model.Name);
        }

        if (isFresh && failure.Kind == TritonFailureKind.ContractMismatch && !_isContractRead)
        {
            _isContractRead = true;
            _client.LogContractChanged(_model.Name, failure.Kind);
            return Step.Restart;
        }

        return End(failure);
    }

    private Step End(TritonFailure failure)
    {
        _isEnded = true;
        Failure = failure;
        _output?.Discard();
        _call?.Dispose();
        return Step.End;
    }

    /// <summary>Sends the request again: without streaming, or as the model's new configuration wants it.</summary>
    private async ValueTask<bool> RestartAsync()
    {
        _call!.Dispose();
        _call = null;
        if (_isContractRead)
        {
            try
            {
                _model = await _client.GetModelAsync(_model.Name, _cancellationToken).ConfigureAwait(false);
            }
            catch (TritonException exception)
            {
                return End(exception.Failure) == Step.Read;
            }
            catch (OperationCanceledException)
            {
                return End(new TritonFailure(TritonFailureKind.Cancelled, "Cancelled by the caller.")) == Step.Read;
            }
        }

        return TryStart() && await ReadNextAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Lets the call end by itself after the final response, so that the server sees no cancellation.
    /// </summary>
    private async ValueTask<bool> CompleteAsync()
    {
        _isEnded = true;
        await _call!.CompleteAsync().ConfigureAwait(false);
        _call.Dispose();
        return false;
    }
}
