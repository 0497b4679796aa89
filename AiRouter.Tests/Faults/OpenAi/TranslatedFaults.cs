using static AiRouter.Tests.Faults.FaultOutcome;
using static AiRouter.Tests.Faults.OpenAi.HealthyAnswer;
using static AiRouter.Tests.Faults.OpenAi.Scripts;

namespace AiRouter.Tests.Faults.OpenAi;

/// <summary>
/// Answers whose form changes on the way (a target's <c>stream: always</c> or <c>never</c>): nothing has been sent when they break, so
/// they end in an error of their own or at another target.
/// </summary>
internal static class TranslatedFaults
{
    private static readonly FaultOutcome _protocol = Error(502, "backend_protocol");
    private static readonly FaultOutcome _broken = Error(502, "backend_stream_broken");

    /// <summary>The rows.</summary>
    public static IEnumerable<FaultCase> Rows =>
    [
        .. Always("Connection reset", "in the middle of a stream that is put together", static async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(StreamHead + Chunk(First));
            c.Reset();
        }).Whole(_broken, Right),
        .. (Always("Backend falls silent", "in the middle of a stream that is put together", static async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(StreamHead + Chunk(First));
            await c.HangAsync();
        }) with
        {
            Timeouts = "{ idle: 0.3 }",
        }).Whole(Error(504, "backend_timeout")),
        .. Always("Missing finish reason", "in a stream that is put together", Sends(
            StreamHead + Chunk(First + Second + Usage + Done) + LastChunk)).Whole(_broken, Right),
        .. Always("Empty stream", "put together", Sends(StreamHead + Chunk(Done) + LastChunk)).Whole(_broken),
        .. Always("Garbage instead of events", "in a stream that is put together", Sends(
            StreamHead + Chunk(First + "data: nonsense\n\n") + LastChunk)).Whole(_protocol),
        .. (Always("A line of 100 MiB", "in a stream that is put together", SendsHuge(OpenStreamHead + First + "data: {\"x\":\"")) with
        {
            MaxTaken = 24 * 1024 * 1024,
        }).Whole(_protocol),
        .. Always("Trickled bytes", "a stream that is put together", static async c =>
        {
            c.IsKept = await c.ReadRequestAsync();
            await c.TrickleAsync(StreamResponse);
        }).Whole(Right),
        .. Never("Connection reset", "in the middle of the JSON that becomes a stream", static async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(WholeResponse[..200]);
            c.Reset();
        }).Streamed(_broken, Right),
        .. Never("Garbage instead of JSON", "that should become a stream", Answers(JsonHead(8) + "nonsense")).Streamed(_protocol),
        .. Never("Missing finish reason", "in JSON that becomes a stream", Answers(Unfinished)).Streamed(_protocol),
    ];

    private static OpenAiFault Always(string fault, string moment, Func<FaultConnection, Task> script) =>
        new(fault, moment, script) { TargetStream = "always" };

    private static OpenAiFault Never(string fault, string moment, Func<FaultConnection, Task> script) =>
        new(fault, moment, script) { TargetStream = "never" };
}
