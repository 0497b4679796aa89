using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Json;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>A whole answer, sent as the stream that the client asked for (<c>openai-api.md</c> §2.8).</summary>
internal static class JsonToStream
{
    /// <summary>Sends it, or says why it is no answer.</summary>
    public static async ValueTask<ApiError?> RunAsync(Attempt attempt, ReadOnlyMemory<byte> json)
    {
        var exchange = attempt.Exchange;
        var frames = new ArrayBufferWriter<byte>(Math.Max(1024, json.Length));
        if (TryWrite(attempt, json, frames) is { } error)
        {
            return error;
        }

        attempt.Deadline.ArmWrite();
        var events = exchange.Events!;
        await ResponseHeaders.CopyAsync(attempt, events);
        events.MarksUsage = exchange is { Usage.IsEstimated: true, Facts.IncludeUsage: true };
        await events.WriteAsync(frames.WrittenMemory, attempt.Deadline.Token);
        return null;
    }

    private static ApiError? TryWrite(Attempt attempt, ReadOnlyMemory<byte> json, ArrayBufferWriter<byte> frames)
    {
        try
        {
            return Write(attempt, JsonRelay.WithoutByteOrderMark(json), frames);
        }
        catch (Exception exception) when (OddJson.IsCause(exception))
        {
            return Invalid() with { Detail = exception.Message };
        }
    }

    private static ApiError? Write(Attempt attempt, ReadOnlyMemory<byte> json, ArrayBufferWriter<byte> frames)
    {
        if (!ChunkScan.TryRead(json.Span, out var scan) || !scan.IsObject)
        {
            return Invalid();
        }

        if (scan.IsError)
        {
            return UpstreamErrors.FromAnswer(attempt, json.Span);
        }

        var exchange = attempt.Exchange;
        JsonRelay.Note(exchange, json.Span, in scan);
        if (scan.Usage.Type == JsonTokenType.StartObject)
        {
            exchange.Usage = UsageReader.Read(
                json.Span.Slice(scan.Usage.ValueStart, scan.Usage.ValueLength), exchange.Operation.Dialect);
        }

        var answer = JsonBytes.ReadObject(json.Span);
        answer["model"] = exchange.PublicName;
        if (exchange.Operation.Dialect == StreamDialect.Responses)
        {
            if (answer["id"]?.GetValueKind() == JsonValueKind.String)
            {
                attempt.RememberObject((string)answer["id"]!);
            }

            new ResponsesSplitter(answer, frames).Write();
            return null;
        }

        if (!exchange.Usage.IsKnown && exchange.Operation.Dialect != StreamDialect.Messages)
        {
            exchange.Usage = AnswerEstimate.OfWhole(exchange, json.Span, scan.TextBytes);
        }

        if (exchange.Operation.Dialect == StreamDialect.Messages)
        {
            return new MessagesSplitter(answer, frames).TryWrite() ? null : Invalid();
        }

        // A choice without a reason to have ended would end a stream that looks whole.
        return scan.SeenChoices != 0 && scan.FinishedChoices == scan.SeenChoices
            ? new ChatSplitter(answer, exchange, frames).Write()
            : Invalid();
    }

    private static ApiError Invalid() => new(ErrorCause.BackendProtocol, "The backend's answer is not valid.");
}
