using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Scheduling;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>A whole JSON answer on its way to a client that wants it whole: only <c>model</c> changes.</summary>
internal static class JsonRelay
{
    /// <summary>The largest answer that is taken as a whole.</summary>
    public const long MaxLength = 256 * 1024 * 1024;

    private const int DirectSize = 64 * 1024;

    /// <summary>Sends it, or says why it is no answer.</summary>
    public static async ValueTask<ApiError?> RunAsync(Attempt attempt, ReadOnlyMemory<byte> json)
    {
        json = WithoutByteOrderMark(json);
        try
        {
            (json, var away) = await attempt.FilterListAsync(json);
            if (away is not null)
            {
                return away;
            }
        }
        catch (Exception exception) when (OddJson.IsCause(exception))
        {
            return new ApiError(ErrorCause.BackendProtocol, "The backend's answer is not valid.") { Detail = exception.Message };
        }

        var edits = new JsonEdits();
        if (Examine(attempt, json.Span, edits) is { } error)
        {
            return error;
        }

        var http = attempt.Exchange.Http;
        attempt.Deadline.ArmWrite();
        ResponseHeaders.Copy(attempt.Response!, http.Response);
        http.Response.StatusCode = attempt.Response!.Status;
        http.Response.ContentType = MediaTypes.IsJson(attempt.Response!) ? MediaTypes.Of(attempt.Response!) : "application/json";
        http.Response.ContentLength = edits.ResultLength(json.Length);
        if (json.Length <= DirectSize)
        {
            edits.WriteTo(http.Response.BodyWriter, json.Span);
            await http.Response.BodyWriter.FlushAsync(attempt.Deadline.Token);
        }
        else
        {
            // Written piece by piece, so that a slow client holds back this answer and not memory twice its size.
            await edits.WriteToAsync(http.Response.Body, json, attempt.Deadline.Token);
        }

        return null;
    }

    /// <summary>Reads the whole body into pooled memory.</summary>
    public static async ValueTask<ApiError?> ReadAsync(Attempt attempt, Stream body, PooledBytes bytes)
    {
        var server = attempt.Exchange.State.Server;
        var declared = attempt.Response!.ContentLength;
        var error = await bytes.ReadAsync(
            body, declared is > 0 and <= MaxLength ? declared : null, MaxLength, server.MaxBufferedMiB * 1024L * 1024);
        await LongWork.Begin(bytes.Memory.Length);
        return error?.Cause == ErrorCause.BodyTooLarge
            ? new ApiError(ErrorCause.BackendProtocol, "The backend's answer is too large.")
            : error;
    }

    /// <summary>Some backends begin with one; no client expects it there.</summary>
    public static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> json) =>
        json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;

    /// <summary>For the span of a request that is traced.</summary>
    public static void Note(Exchange exchange, ReadOnlySpan<byte> json, in ChunkScan scan)
    {
        if (exchange.Span is { Answer: var notes } && scan.IsObject)
        {
            notes.Take(json, in scan);
            if (exchange.Operation.Dialect is StreamDialect.Responses or StreamDialect.Messages)
            {
                notes.TakeEnd(json);
            }
        }
    }

    private static ApiError? Examine(Attempt attempt, ReadOnlySpan<byte> json, JsonEdits edits)
    {
        // All answers of models are objects; a list or a bare value is some proxy's.
        if (!ChunkScan.TryRead(json, out var scan) || (attempt.HasModel && !scan.IsObject))
        {
            return new ApiError(ErrorCause.BackendProtocol, "The backend's answer is not valid.");
        }

        // What is kept at a backend may say that it has failed, and is an answer all the same.
        if (scan.IsError && attempt.HasModel)
        {
            return UpstreamErrors.FromAnswer(attempt, json);
        }

        Note(attempt.Exchange, json, in scan);
        if (scan.Id.Type == JsonTokenType.String)
        {
            attempt.RememberObject(JsonText.Unquote(json.Slice(scan.Id.ValueStart, scan.Id.ValueLength)));
        }

        // An answer about stored objects has a public name only when the router knows who made them.
        if (scan.Model.Type == JsonTokenType.String && attempt.Exchange.PublicName.Length > 0)
        {
            edits.Replace(
                scan.Model.ValueStart, scan.Model.ValueLength, JsonText.Quote(attempt.Exchange.PublicName));
        }

        if (attempt.Exchange.Operation.Name == Operations.Embeddings && attempt.HasModel &&
            EmbeddingFormat.WantsNumbers(attempt.Exchange.Body) && !EmbeddingFormat.TryConvert(json, edits))
        {
            return new ApiError(ErrorCause.BackendProtocol, "The backend's answer has a vector that is none.");
        }

        if (scan.Usage.Type == JsonTokenType.StartObject)
        {
            attempt.Exchange.Usage = UsageReader.Read(
                json.Slice(scan.Usage.ValueStart, scan.Usage.ValueLength), attempt.Exchange.Operation.Dialect);
        }

        if (!attempt.Exchange.Usage.IsKnown && scan.ChoiceCount > 0)
        {
            // For the meters; the answer itself stays as the backend wrote it.
            attempt.Exchange.Usage = AnswerEstimate.OfWhole(attempt.Exchange, json, scan.TextBytes);
        }

        return null;
    }
}
