using static AiRouter.Tests.Faults.FaultOutcome;
using static AiRouter.Tests.Faults.OpenAi.HealthyAnswer;
using static AiRouter.Tests.Faults.OpenAi.Scripts;

namespace AiRouter.Tests.Faults.OpenAi;

/// <summary>Good HTTP around answers that are none, or not whole.</summary>
internal static class AnswerFaults
{
    private const string NoJson = "Garbage instead of JSON";
    private const string NoEvents = "Garbage instead of events";
    private const string Html = "<html><body>nginx at backend-model</body></html>";

    private static readonly FaultOutcome _protocol = Error(502, "backend_protocol");
    private static readonly FaultOutcome _broken = Error(502, "backend_stream_broken");

    /// <summary>The rows.</summary>
    public static IEnumerable<FaultCase> Rows => [.. Garbage, .. Ends, .. Errors];

    private static IEnumerable<FaultCase> Garbage =>
    [
        .. new OpenAiFault(NoJson, "a page", Answers(JsonHead(Html.Length) + Html)).Both(_protocol, _protocol),
        .. new OpenAiFault(NoJson, "a page that says so", Answers(
            $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {Html.Length}\r\n\r\n{Html}")).Both(_protocol),
        .. new OpenAiFault(NoJson, "nothing", Answers(JsonHead(0))).Both(_protocol),
        .. new OpenAiFault(NoJson, "half an object", Answers(JsonHead(40) + Json[..40])).Both(_protocol),
        .. new OpenAiFault(NoJson, "a list", Answers(JsonHead(2) + "[]")).Both(_protocol),
        .. new OpenAiFault(NoJson, "two objects", Answers(JsonHead(4) + "{}{}")).Both(_protocol),
        .. new OpenAiFault(NoEvents, "a page", Sends("", OpenStreamHead + Html)).Streamed(_broken),
        .. new OpenAiFault(NoEvents, "binary", static async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(OpenStreamHead);
            var bytes = new byte[64 * 1024];
            new Random(1).NextBytes(bytes);
            await c.WriteAsync(bytes);
        }).Streamed(_broken),
        .. new OpenAiFault(NoEvents, "no JSON in the first event", Sends("", OpenStreamHead + "data: nonsense\n\n")).Streamed(_protocol),
        .. new OpenAiFault(NoEvents, "no JSON in a later event", SendsAfterFirstEvent("data: nonsense\n\n"))
            .Streamed(Cut("backend_protocol")),
        .. new OpenAiFault(NoEvents, "half a JSON in a later event", SendsAfterFirstEvent(Second[..60] + "\n\n" + Finish + Done))
            .Streamed(Cut("backend_protocol")),
    ];

    private static IEnumerable<FaultCase> Ends =>
    [
        .. new OpenAiFault("Missing `[DONE]`", "the finish reason is there", Sends("", Chunked(First + Second + Finish + Usage)))
            .Streamed(Right),
        .. new OpenAiFault("Missing `[DONE]`", "neither is the finish reason", Sends("", Chunked(First + Second)))
            .Streamed(Cut("backend_stream_broken")),
        .. new OpenAiFault("Missing finish reason", "the `[DONE]` is there", Sends("", Chunked(First + Second + Usage + Done)))
            .Streamed(Cut("backend_stream_broken")),
        .. new OpenAiFault("Missing finish reason", "in a whole answer", Answers(Unfinished)) { Health = NoFailure }.Whole(AsSent),
        .. new OpenAiFault("Empty stream", "not one event", Sends("", Chunked(""))).Streamed(_broken),
        .. new OpenAiFault("Empty stream", "only the `[DONE]`", Sends("", Chunked(Done))).Streamed(_broken),
        .. new OpenAiFault("Last event without its blank line", "the finish reason", Sends(
            "", OpenStreamHead + First + Second + Finish.TrimEnd('\n'))).Streamed(Right),
        .. new OpenAiFault("More behind `[DONE]`", "in the same stream", Sends("", Chunked(Events + First + "nonsense")))
            .Streamed(Right),
    ];

    private static IEnumerable<FaultCase> Errors =>
    [
        .. new OpenAiFault("Error inside a 200", "as the answer", Answers(Error200())).Both(Error(503, "overloaded", 1), Right),
        .. new OpenAiFault("Error inside a 200", "as the first event", Sends("", Chunked(ErrorEvent()))).Streamed(
            Error(503, "overloaded", 1), Right),
        .. new OpenAiFault("Error inside a 200", "as a later event", SendsAfterFirstEvent(ErrorEvent())).Streamed(Cut("overloaded")),
    ];

    private const string Error503 =
        """{"error":{"message":"backend-model at 127.0.0.1 is busy","type":"overloaded_error","param":null,"code":"overloaded"}}""";

    private static string ErrorEvent() => $"data: {Error503}\n\n";

    private static string Error200() => JsonHead(Error503.Length) + Error503;

    private static string Chunked(string events) => StreamHead + (events.Length > 0 ? Chunk(events) : "") + LastChunk;
}
