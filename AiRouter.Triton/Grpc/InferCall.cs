using System.Runtime.CompilerServices;
using AiRouter.Triton.Protocol;
using Grpc.Core;

namespace AiRouter.Triton.Grpc;

/// <summary>One <c>ModelStreamInfer</c> call: one request out, responses in. Single reader.</summary>
internal sealed class InferCall : IDisposable
{
    private static readonly TimeSpan EndOfCall = TimeSpan.FromSeconds(1);

    private readonly TritonChannels _channels;
    private readonly TritonChannel _channel;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _cancellation;
    private readonly CallDeadline _deadline;
    private readonly AsyncServerStreamingCall<InferResponse>? _call;
    private int _disposed;

    public InferCall(
        TritonChannels channels,
        InferRequest request,
        Metadata headers,
        TritonClientOptions options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        _time = time;
        _channels = channels;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _deadline = new CallDeadline(options, time, _cancellation);
        _channel = channels.Begin();
        try
        {
            _call = _channel.Invoker.AsyncServerStreamingCall(
                StreamInferMethod.Instance,
                null,
                new CallOptions(headers, cancellationToken: _cancellation.Token),
                request);
        }
        catch (ObjectDisposedException)
        {
            Failure = new TritonFailure(TritonFailureKind.Unavailable, "The client has been disposed.");
        }
    }

    /// <summary>Why <see cref="NextAsync"/> gave null, when it was not the end of the stream.</summary>
    public TritonFailure? Failure { get; private set; }

    /// <summary>
    /// The next response, to be given back to <see cref="ResponsePool"/>; null at the end of the stream and on failure.
    /// </summary>
    public ValueTask<InferResponse?> NextAsync()
    {
        if (_call is null)
        {
            return default;
        }

        var pending = _call.ResponseStream.MoveNext(CancellationToken.None);
        if (!pending.IsCompletedSuccessfully)
        {
            _deadline.BeginWait();
            return AwaitNextAsync(_call, pending);
        }

        // It was there: no wait, and no look at the clock.
        _deadline.EndWait();
        return new ValueTask<InferResponse?>(pending.Result ? _call.ResponseStream.Current : null);
    }

    /// <summary>
    /// Waits a moment for the server to end the call after its final response. Whatever comes now changes nothing: the
    /// answer is complete.
    /// </summary>
    public async ValueTask CompleteAsync()
    {
        if (_call is null)
        {
            return;
        }

        try
        {
            var end = _call.ResponseStream.MoveNext(CancellationToken.None);
            await end.WaitAsync(EndOfCall, _time).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is RpcException or TimeoutException)
        {
            // Disposing ends it.
        }
    }

    /// <summary>Ends the call; the server sees it at once.</summary>
    public void Cancel()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _call?.Dispose();
            _deadline.Dispose();
            _cancellation.Dispose();
            _channel.End();
        }
    }

    // Pooled: a wait for the network happens for nearly every token.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<InferResponse?> AwaitNextAsync(
        AsyncServerStreamingCall<InferResponse> call, Task<bool> pending)
    {
        try
        {
            var hasNext = await pending.ConfigureAwait(false);
            _deadline.EndWait();
            return hasNext ? call.ResponseStream.Current : null;
        }
        catch (RpcException exception)
        {
            Failure = Explain(exception);
            return null;
        }
    }

    private TritonFailure Explain(RpcException exception)
    {
        if (_deadline.Expired is { } expired)
        {
            if (expired is TritonFailureKind.FirstResponseTimeout or TritonFailureKind.IdleTimeout)
            {
                _channels.Replace(_channel);
            }

            return new TritonFailure(expired, $"No end of the wait: {expired}.");
        }

        return _cancellation.IsCancellationRequested
            ? new TritonFailure(TritonFailureKind.Cancelled, "Cancelled by the caller.")
            : FailureTable.FromStatus(exception.Status);
    }
}
