using AiRouter.Triton.Models;
using AiRouter.Triton.Protocol;

namespace AiRouter.Triton;

/// <summary>Asks TensorRT-LLM's <c>preprocessing</c> how many tokens a prompt has (<c>triton.md</c> §1.3).</summary>
internal sealed class InputCountCall(TritonClient client, TritonModel preprocessing)
{
    /// <summary>The number; null when it cannot be had.</summary>
    public async Task<int?> RunAsync(
        ReadOnlyMemory<byte> prompt, string? requestId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var request = new InferRequest(preprocessing, requestId ?? string.Empty);
        if (!TryWrite(prompt, request))
        {
            return null;
        }

        var limit = client.Options.CountTimeout;
        var deadlines = client.Options with
        {
            FirstResponseTimeout = limit,
            IdleTimeout = limit,
            TotalTimeout = limit,
        };
        using var call = client.Infer(request, client.Headers(requestId, null, null), cancellationToken, deadlines);
        int? count = null;
        while (await call.NextAsync().ConfigureAwait(false) is { } response)
        {
            var isReadable = !response.IsMalformed && !response.HasError;
            var isFinal = response.IsFinal;
            count = isReadable ? Read(response) ?? count : null;
            ResponsePool.Return(response);
            if (!isReadable)
            {
                return null;
            }

            if (isFinal)
            {
                await call.CompleteAsync().ConfigureAwait(false);
                break;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        return count;
    }

    private static int? Read(InferResponse response) =>
        response.TryFind("REQUEST_INPUT_LEN"u8, out var length)
        && length.TryReadSum(out var tokens)
        && tokens <= int.MaxValue
            ? (int)tokens
            : null;

    private bool TryWrite(ReadOnlyMemory<byte> prompt, InferRequest request)
    {
        if (preprocessing.FindInput("QUERY") is not { } query)
        {
            return false;
        }

        request.AddText(query, prompt.Span);

        // How many tokens are to be generated: passed through, and required.
        return (preprocessing.FindInput("REQUEST_OUTPUT_LEN") is not { } length || request.AddInteger(length, 1))
            && RequiredInputs.Complete(preprocessing, request) is null;
    }
}
