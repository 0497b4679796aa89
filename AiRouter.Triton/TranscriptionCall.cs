using System.Text;
using AiRouter.Triton.Grpc;
using AiRouter.Triton.Models;
using AiRouter.Triton.Protocol;
using AiRouter.Triton.Text;

namespace AiRouter.Triton;

/// <summary>One <see cref="TranscriptionRequest"/>. A model that has changed meanwhile is read again, once.</summary>
internal sealed class TranscriptionCall(TritonClient client, TritonModel model, TranscriptionRequest request)
{
    public async Task<TranscriptionResult> RunAsync(CancellationToken cancellationToken)
    {
        var result = await TryRunAsync(model, cancellationToken).ConfigureAwait(false);
        if (result.Failure is not { Kind: TritonFailureKind.ContractMismatch } mismatch)
        {
            return result;
        }

        client.Forget(model.Name);
        client.LogContractChanged(model.Name, mismatch.Kind);
        try
        {
            var fresh = await client.GetModelAsync(model.Name, cancellationToken).ConfigureAwait(false);
            return await TryRunAsync(fresh, cancellationToken).ConfigureAwait(false);
        }
        catch (TritonException exception)
        {
            return Failed(exception.Failure);
        }
        catch (OperationCanceledException)
        {
            return Failed(new TritonFailure(TritonFailureKind.Cancelled, "Cancelled by the caller."));
        }
    }

    private async Task<TranscriptionResult> TryRunAsync(TritonModel current, CancellationToken cancellationToken)
    {
        if (current.Adapter is not ITranscriptionAdapter adapter)
        {
            return Failed(new TritonFailure(
                TritonFailureKind.Unsupported, $"A model of kind {current.Kind} writes nothing down."));
        }

        var encoded = new InferRequest(current, request.CallId ?? request.RequestId);
        if (adapter.Write(current, request, encoded) is { } problem)
        {
            return Failed(problem);
        }

        var headers = client.Headers(request.RequestId, request.TraceParent, request.TraceState);
        using var call = client.Infer(encoded, headers, cancellationToken);
        var pieces = StreamedTexts.Create(adapter.TextForm(current));
        var text = new TextBuffer();
        var hasText = false;
        while (await call.NextAsync().ConfigureAwait(false) is { } response)
        {
            var failure = Accept(adapter, response, pieces, text, ref hasText);
            var isFinal = response.IsFinal;
            ResponsePool.Return(response);
            if (failure is not null)
            {
                return Failed(failure);
            }

            if (isFinal)
            {
                await call.CompleteAsync().ConfigureAwait(false);
                break;
            }
        }

        // A call that breaks off has a failure, however much of the text has come.
        if (call.Failure is { } broken)
        {
            return Failed(broken);
        }

        pieces.End(text);
        return hasText
            ? new TranscriptionResult(Encoding.UTF8.GetString(text.Span))
            : Failed(new TritonFailure(TritonFailureKind.Malformed, "The answer has no text."));
    }

    private static TritonFailure? Accept(
        ITranscriptionAdapter adapter, InferResponse response, IStreamedText pieces, TextBuffer text, ref bool hasText)
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

        if (!adapter.TryRead(response, out var piece))
        {
            return new TritonFailure(TritonFailureKind.Malformed, "The answer's TRANSCRIPTS is no text.");
        }

        hasText = true;
        pieces.Take(piece, text);
        return null;
    }

    private static TranscriptionResult Failed(TritonFailure failure) => new("", failure);
}
