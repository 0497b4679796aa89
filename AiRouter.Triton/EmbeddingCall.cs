using System.Collections.Concurrent;
using System.Text;
using AiRouter.Triton.Grpc;
using AiRouter.Triton.Models;
using AiRouter.Triton.Protocol;

namespace AiRouter.Triton;

/// <summary>
/// One <see cref="EmbeddingRequest"/>: split by the model's batch size, sent a few at a time, put together in order
/// (R18).
/// </summary>
internal sealed class EmbeddingCall(TritonClient client, TritonModel model, EmbeddingRequest request)
{
    private const int Concurrency = 4;

    private readonly ReadOnlyMemory<float>[] _vectors = new ReadOnlyMemory<float>[request.Inputs.Count];
    private readonly ConcurrentQueue<VectorBlock> _blocks = new();
    private int _countedTokens;
    private int _countedInputs;

    public async Task<EmbeddingResult> RunAsync(CancellationToken cancellationToken)
    {
        var failure = await TryRunAsync(model, cancellationToken).ConfigureAwait(false);
        if (failure?.Kind == TritonFailureKind.ContractMismatch)
        {
            client.Forget(model.Name);
            client.LogContractChanged(model.Name, failure.Kind);
            failure = await RunAgainAsync(cancellationToken).ConfigureAwait(false);
        }

        if (failure is null)
        {
            return new EmbeddingResult { Vectors = _vectors, InputTokens = InputTokens(), Blocks = [.. _blocks] };
        }

        foreach (var block in _blocks)
        {
            block.Dispose();
        }

        return new EmbeddingResult { Failure = failure };
    }

    private async Task<TritonFailure?> RunAgainAsync(CancellationToken cancellationToken)
    {
        _countedTokens = _countedInputs = 0;
        try
        {
            var fresh = await client.GetModelAsync(model.Name, cancellationToken).ConfigureAwait(false);
            return await TryRunAsync(fresh, cancellationToken).ConfigureAwait(false);
        }
        catch (TritonException exception)
        {
            return exception.Failure;
        }
        catch (OperationCanceledException)
        {
            return new TritonFailure(TritonFailureKind.Cancelled, "Cancelled by the caller.");
        }
    }

    private async Task<TritonFailure?> TryRunAsync(TritonModel current, CancellationToken cancellationToken)
    {
        if (current.Adapter is not IEmbeddingAdapter adapter)
        {
            return new TritonFailure(TritonFailureKind.Unsupported, $"A model of kind {current.Kind} embeds nothing.");
        }

        if (Check(current, adapter) is { } problem)
        {
            return problem;
        }

        return EmbeddingBatches.IsOne(request.Inputs, adapter.MaxInputs(current))
            ? await RunBatchAsync(current, adapter, request.Inputs, 0, cancellationToken).ConfigureAwait(false)
            : await RunBatchesAsync(current, adapter, cancellationToken).ConfigureAwait(false);
    }

    private async Task<TritonFailure?> RunBatchesAsync(
        TritonModel current, IEmbeddingAdapter adapter, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        TritonFailure? first = null;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Concurrency };
        await Parallel.ForEachAsync(
            EmbeddingBatches.Split(request.Inputs, adapter.MaxInputs(current)),
            options,
            async (batch, _) =>
            {
                var (start, count) = batch.GetOffsetAndLength(request.Inputs.Count);
                EmbeddingInput[] inputs = [.. request.Inputs.Skip(start).Take(count)];
                if (first is null
                    && await RunBatchAsync(current, adapter, inputs, start, stop.Token).ConfigureAwait(false) is { } failure
                    && Interlocked.CompareExchange(ref first, failure, null) is null)
                {
                    await stop.CancelAsync().ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
        return first;
    }

    private TritonFailure? Check(TritonModel current, IEmbeddingAdapter adapter)
    {
        if (!adapter.CanEmbed(current))
        {
            return new TritonFailure(TritonFailureKind.Unsupported, "The model embeds nothing.");
        }

        foreach (var input in request.Inputs)
        {
            if (input.Tokens is { Count: 0 })
            {
                return new TritonFailure(TritonFailureKind.InvalidRequest, "An input has no tokens.");
            }

            if (!(input.Tokens is null ? adapter.TakesTexts(current) : adapter.TakesTokens(current)))
            {
                return new TritonFailure(
                    TritonFailureKind.Unsupported,
                    input.Tokens is null ? "The model takes token arrays only." : "The model takes texts only.");
            }
        }

        return request.Dimensions is not null && !adapter.TakesDimensions(current)
            ? new TritonFailure(TritonFailureKind.Unsupported, "The length of the model's vectors cannot be chosen.")
            : null;
    }

    private async Task<TritonFailure?> RunBatchAsync(
        TritonModel current, IEmbeddingAdapter adapter, IReadOnlyList<EmbeddingInput> inputs, int start,
        CancellationToken cancellationToken)
    {
        var encoded = new InferRequest(current, request.RequestId);
        if (adapter.Write(current, inputs, request.Dimensions, encoded) is { } problem)
        {
            return problem;
        }

        var headers = client.Headers(request.RequestId, request.TraceParent, request.TraceState);
        using var call = client.Infer(encoded, headers, cancellationToken);
        VectorBlock? vectors = null;
        while (await call.NextAsync().ConfigureAwait(false) is { } response)
        {
            var failure = Accept(current, adapter, response, inputs.Count, ref vectors);
            var isFinal = response.IsFinal;
            ResponsePool.Return(response);
            if (failure is not null)
            {
                vectors?.Dispose();
                return failure;
            }

            if (isFinal)
            {
                await call.CompleteAsync().ConfigureAwait(false);
                break;
            }
        }

        return vectors is null
            ? call.Failure ?? new TritonFailure(TritonFailureKind.Malformed, "The answer has no vectors.")
            : Store(vectors, start);
    }

    private TritonFailure? Accept(
        TritonModel current, IEmbeddingAdapter adapter, InferResponse response, int count, ref VectorBlock? vectors)
    {
        if (response.IsMalformed)
        {
            return new TritonFailure(TritonFailureKind.Malformed, "The message is not a ModelStreamInferResponse.");
        }

        if (response.HasError)
        {
            return FailureTable.FromText(Encoding.UTF8.GetString(response.Error));
        }

        if (response.OutputCount == 0)
        {
            return null;
        }

        vectors?.Dispose();
        vectors = adapter.Read(current, response, count);
        if (vectors is null)
        {
            return new TritonFailure(TritonFailureKind.Malformed, $"The answer does not have {count} vectors.");
        }

        if (response.TryFind("num_input_tokens"u8, out var counter)
            && counter.TryReadSum(out var tokens)
            && tokens <= int.MaxValue)
        {
            Interlocked.Add(ref _countedTokens, (int)tokens);
            Interlocked.Add(ref _countedInputs, count);
        }

        return null;
    }

    private TritonFailure? Store(VectorBlock vectors, int start)
    {
        _blocks.Enqueue(vectors);
        if (request.Dimensions is { } length && vectors.Length != length)
        {
            return new TritonFailure(
                TritonFailureKind.Malformed, $"Asked for {length} dimensions, got {vectors.Length}.");
        }

        for (var i = 0; i < vectors.Count; i++)
        {
            if (request.Dimensions is not null)
            {
                Normalise(vectors[i].Span);
            }

            _vectors[start + i] = vectors[i];
        }

        return null;
    }

    private static void Normalise(Span<float> vector)
    {
        var norm = 0d;
        foreach (var value in vector)
        {
            norm += (double)value * value;
        }

        norm = Math.Sqrt(norm);
        for (var i = 0; i < vector.Length && norm > 0; i++)
        {
            vector[i] = (float)(vector[i] / norm);
        }
    }

    private int? InputTokens()
    {
        if (_countedInputs == request.Inputs.Count)
        {
            return _countedTokens;
        }

        return request.Inputs.All(input => input.Tokens is not null)
            ? request.Inputs.Sum(input => input.Tokens!.Count)
            : null;
    }
}
