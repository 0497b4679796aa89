using System.Diagnostics;
using System.Globalization;
using AiRouter.Benchmarks.Load.Raw;
using AiRouter.Benchmarks.Sockets;
using AiRouter.Triton.Contract;
using Grpc.Core;
using Grpc.Net.Client;
using Client = AiRouter.Triton.Contract.GRPCInferenceService.GRPCInferenceServiceClient;

namespace AiRouter.Benchmarks.Load.Grpc;

/// <summary>A bare gRPC client of a Triton, as gRPC's tools generate it: what the same work costs without the router.
/// Counts what <see cref="RawLoad"/> does.</summary>
internal sealed class GrpcLoad : IDisposable
{
    private readonly LoadPlan _plan;
    private readonly TritonRequests _requests;
    private readonly GrpcChannel _channel;
    private readonly Client _client;
    private readonly Lock _lock = new();
    private readonly LoadTally _tally;

    /// <summary>Makes the client.</summary>
    /// <param name="plan">How often is asked, and where.</param>
    /// <param name="requests">What is asked.</param>
    public GrpcLoad(LoadPlan plan, TritonRequests requests)
    {
        (_plan, _requests, _tally) = (plan, requests, new LoadTally(plan));
        _channel = GrpcChannel.ForAddress(
            string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{plan.Port}"),
            new GrpcChannelOptions
            {
                MaxReceiveMessageSize = null,
                HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true },
            });
        _client = new Client(_channel);
    }

    /// <summary>Does what the plan says.</summary>
    public async Task<LoadFigures> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = _plan.Rate > 0
            ? [AskAtRateAsync(stop.Token)]
            : Enumerable.Range(0, _plan.Connections).Select(i => AskAgainAsync(i, stop.Token)).ToArray();
        await Task.Delay(_plan.Ramp, cancellationToken);
        var figures = await MeasureAsync(cancellationToken);
        await stop.CancelAsync();
        await Task.WhenAll(work);
        return figures;
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    private async Task<LoadFigures> MeasureAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _tally.Begin();
        }

        await Task.Delay(_plan.Duration, cancellationToken);
        lock (_lock)
        {
            return _tally.End();
        }
    }

    private async Task AskAgainAsync(int number, CancellationToken stopping)
    {
        await Task.Yield();
        for (var round = 0; !stopping.IsCancellationRequested; round++)
        {
            await AskAsync(round == 0 ? _requests.First(number) : _requests.Next(), Stopwatch.GetTimestamp(), stopping);
        }
    }

    // On a thread of its own: it sleeps most of the time, and the pool of a process on one core begins with one thread.
    private Task AskAtRateAsync(CancellationToken stopping) => Task.Factory.StartNew(
        () =>
        {
            Linux.WakeExactly();

            // With nothing to wait for, it waits for the time: .NET's own ways do that in whole milliseconds.
            using var clock = new EventPoll();
            var due = Stopwatch.GetTimestamp();
            while (!stopping.IsCancellationRequested)
            {
                for (; due <= Stopwatch.GetTimestamp(); due += (long)(Stopwatch.Frequency / _plan.Rate))
                {
                    _ = AskAsync(_requests.Next(), due, stopping);
                }

                clock.Wait(Math.Max(0, due - Stopwatch.GetTimestamp()));
            }
        },
        stopping, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private async Task AskAsync(ModelInferRequest request, long since, CancellationToken stopping)
    {
        try
        {
            var error = _requests.IsStream
                ? await StreamAsync(request, since, stopping)
                : (await _client.ModelInferAsync(request, cancellationToken: stopping)).Outputs.Count == 0 ? "no tensor" : null;
            var now = Stopwatch.GetTimestamp();
            lock (_lock)
            {
                _tally.Latency.Add(now - since, now);
                if (error is null)
                {
                    _tally.Answers++;
                }
                else
                {
                    _tally.Fail(error);
                }
            }
        }
        catch (RpcException e) when (!stopping.IsCancellationRequested)
        {
            lock (_lock)
            {
                _tally.Fail(e.Status.ToString());
            }
        }
        catch (Exception e) when (stopping.IsCancellationRequested && e is RpcException or OperationCanceledException)
        {
            // It is over.
        }
    }

    /// <summary>What was wrong with the stream; null: nothing.</summary>
    private async Task<string?> StreamAsync(ModelInferRequest request, long since, CancellationToken stopping)
    {
        using var call = _client.ModelStreamInfer(cancellationToken: stopping);
        await call.RequestStream.WriteAsync(request, stopping);
        await call.RequestStream.CompleteAsync();
        var isFirst = true;
        while (await call.ResponseStream.MoveNext(stopping))
        {
            if (call.ResponseStream.Current.ErrorMessage is { Length: > 0 } error)
            {
                return error;
            }

            var now = Stopwatch.GetTimestamp();
            lock (_lock)
            {
                _tally.Events++;
                if (isFirst)
                {
                    _tally.FirstEvent.Add(now - since, now);
                }
            }

            isFirst = false;
        }

        return isFirst ? "no token" : null;
    }
}
