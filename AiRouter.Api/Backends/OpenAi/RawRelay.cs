using System.Buffers;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>An answer that is neither JSON nor events (audio, text, files): passed as it comes, one flush for each read.</summary>
internal static class RawRelay
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Relays to the end. An error: nothing has been sent.</summary>
    public static async ValueTask<ApiError?> RunAsync(Attempt attempt, Stream body)
    {
        var response = attempt.Exchange.Http.Response;
        var from = attempt.Response!;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            // The first read comes before the headers: an answer that breaks off at once is still an error of its own.
            var read = await body.ReadAsync(buffer);
            ResponseHeaders.Copy(from, response);
            response.StatusCode = from.Status;
            response.ContentType = MediaTypes.Of(from);
            response.ContentLength = LengthOf(from);
            while (read > 0)
            {
                attempt.Deadline.ArmWrite();
                await response.Body.WriteAsync(buffer.AsMemory(0, read), attempt.Deadline.Token);
                read = await body.ReadAsync(buffer);
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The length that goes out: not one of encoded bytes.</summary>
    private static long? LengthOf(UpstreamResponse from) =>
        from.Header(ResponseHeader.ContentEncoding) is null ? from.ContentLength : null;
}
