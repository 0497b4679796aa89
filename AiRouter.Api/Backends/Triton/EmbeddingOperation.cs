using System.Numerics;
using System.Runtime.InteropServices;
using AiRouter.Api.Admission;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Routing;
using AiRouter.Api.Streaming;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Core.Metering;
using AiRouter.Triton;
using AiRouter.Triton.Models;

namespace AiRouter.Api.Backends.Triton;

/// <summary>Answers embeddings.</summary>
internal sealed class EmbeddingOperation(TritonClient client, TritonServices services)
{
    /// <summary>See <see cref="IBackend.SendAsync"/>.</summary>
    public async ValueTask<ApiError?> SendAsync(Exchange exchange, TargetModel target, CancellationToken cancellationToken)
    {
        var model = await client.GetModelAsync(Translation.BackendModel(exchange, target), cancellationToken);
        var translation = new Translation(exchange, target, model);
        using var members = RequestMembers.Read(translation, out var error);
        if (members is null)
        {
            return error;
        }

        var reader = new MemberReader(members.ByName);
        var order = EmbeddingReader.Read(reader, translation);
        if (reader.Error is not null)
        {
            return reader.Error;
        }

        var refused = Refuse(exchange, model, order)
            ?? RefuseLong(exchange, order)
            ?? await AdmitAsync(exchange, target, order);
        if (refused is not null)
        {
            return refused;
        }

        translation.Unsupported.WriteTo(exchange.Http.Response);
        var (traceParent, traceState) = TraceContext.Of(exchange.Http);
        using var result = await client.EmbedAsync(model, new EmbeddingRequest
        {
            Inputs = order.Inputs,
            Dimensions = order.Dimensions,
            RequestId = exchange.RequestId,
            TraceParent = traceParent,
            TraceState = traceState,
        }, cancellationToken);
        return result.Failure is { } failure
            ? TritonErrors.Of(failure)
            : await AnswerAsync(exchange, order, result, cancellationToken);
    }

    private ValueTask<ApiError?> AdmitAsync(Exchange exchange, TargetModel target, EmbeddingOrder order)
    {
        if (RequestAdmission.LimitsOf(exchange) is not { } limits)
        {
            return ValueTask.FromResult<ApiError?>(null);
        }

        var input = limits.NeedsSize ? CountAll(order, exchange.Model!.Model.Tokenizer) ?? MostOf(exchange, order) : 0;
        return services.Admission.AdmitAsync(exchange, target, new RequestSize(input, 0, 1));
    }

    /// <summary>One token for each byte, and the two around a text; no more than the model takes (R32).</summary>
    private static long MostOf(Exchange exchange, EmbeddingOrder order)
    {
        var model = exchange.Model!.Model.Config;
        var most = (long?)model.MaxInputTokens ?? model.ContextLength ?? long.MaxValue;
        return order.Inputs.Sum(input => Math.Min(most, input.Tokens?.Count ?? input.Text.Length + 2L));
    }

    private static ApiError? Refuse(Exchange exchange, TritonModel model, EmbeddingOrder order)
    {
        var name = exchange.PublicName;
        if (!model.CanEmbed)
        {
            return new ApiError(ErrorCause.UnsupportedOperation, $"The model '{name}' does not make embeddings.", "model");
        }

        if (order.Inputs.Any(i => i.Tokens is not null) && !model.EmbedsTokens)
        {
            return new ApiError(
                ErrorCause.UnsupportedParameter,
                $"The model '{name}' takes text, not token ids. Send 'input' as strings " +
                "(in LangChain: check_embedding_ctx_length=False).", "input");
        }

        if (order.Inputs.Any(i => i.Tokens is null) && !model.EmbedsTexts)
        {
            return new ApiError(
                ErrorCause.UnsupportedParameter,
                $"The model '{name}' takes token ids, not text. Send 'input' as lists of token ids.", "input");
        }

        return order.Dimensions is not null && !model.TakesDimensions
            ? new ApiError(
                ErrorCause.UnsupportedParameter,
                $"Unsupported parameter: the length of the vectors of the model '{name}' cannot be chosen.", "dimensions")
            : null;
    }

    private static ApiError? RefuseLong(Exchange exchange, EmbeddingOrder order)
    {
        if (exchange.Model!.Model is not { Tokenizer: { } tokenizer, Config: var model } || !ContextLimits.Has(model))
        {
            return null;
        }

        return order.Inputs
            .Select((input, index) => CountOf(input, tokenizer) is { } count
                ? ContextLimits.Check(exchange, count, asked: null, order.Inputs.Count == 1 ? "input" : $"input[{index}]")
                : null)
            .FirstOrDefault(error => error is not null);
    }

    private static int? CountOf(EmbeddingInput input, ITokenCounter tokenizer) =>
        input.Tokens?.Count ?? tokenizer.TryCount(input.Text.Span, addSpecialTokens: true);

    /// <summary>All inputs together; null when one has no count.</summary>
    private static int? CountAll(EmbeddingOrder order, ITokenCounter? tokenizer)
    {
        var sum = 0;
        foreach (var input in order.Inputs)
        {
            if (tokenizer is null || CountOf(input, tokenizer) is not { } count)
            {
                return null;
            }

            sum += count;
        }

        return sum;
    }

    private static async ValueTask<ApiError?> AnswerAsync(
        Exchange exchange, EmbeddingOrder order, EmbeddingResult result, CancellationToken cancellationToken)
    {
        if (!AreFinite(result.Vectors))
        {
            return new ApiError(ErrorCause.BackendProtocol, "The backend's answer has numbers that are none.");
        }

        var counted = result.InputTokens ?? CountAll(order, exchange.Model!.Model.Tokenizer);
        exchange.Usage = new TokenUsage(
            counted ?? order.Inputs.Sum(Estimate), CachedInput: 0, Output: 0, IsEstimated: counted is null);
        var response = exchange.Http.Response;
        if (exchange.Usage.IsEstimated)
        {
            response.Headers[UsageText.Header] = UsageText.Estimated;
        }

        using var body = new PooledBufferWriter();
        EmbeddingsJson.Write(body, result.Vectors, order.AsBase64, exchange.PublicName, exchange.Usage);
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body.WrittenMemory, cancellationToken);
        return null;
    }

    private static int Estimate(EmbeddingInput input) => input.Tokens?.Count ?? TokenEstimate.FromBytes(input.Text.Length);

    private static bool AreFinite(IReadOnlyList<ReadOnlyMemory<float>> vectors)
    {
        for (var i = 0; i < vectors.Count; i++)
        {
            if (!IsFinite(vectors[i].Span))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A number times zero is zero, unless it is none.</summary>
    private static bool IsFinite(ReadOnlySpan<float> vector)
    {
        var sums = Vector<float>.Zero;
        var blocks = MemoryMarshal.Cast<float, Vector<float>>(vector);
        foreach (var block in blocks)
        {
            sums += block * 0;
        }

        var sum = Vector.Sum(sums);
        foreach (var value in vector[(blocks.Length * Vector<float>.Count)..])
        {
            sum += value * 0;
        }

        return sum == 0;
    }
}
