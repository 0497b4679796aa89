using static AiRouter.Tests.Faults.FaultOutcome;
using static AiRouter.Tests.Faults.OpenAi.HealthyAnswer;

namespace AiRouter.Tests.Faults.OpenAi;

/// <summary>Connections that do not come about, break or stand still.</summary>
internal static class ConnectionFaults
{
    private const string Reset = "Connection reset";
    private static readonly FaultOutcome Unreachable = Error(502, "backend_unreachable");
    private static readonly FaultOutcome Broken = Error(502, "backend_stream_broken");

    /// <summary>The rows.</summary>
    public static IEnumerable<FaultCase> Rows =>
    [
        .. new OpenAiFault("Connection refused", "connecting", static _ => Task.CompletedTask) { Listens = false }.Both(Unreachable),
        .. new OpenAiFault("Never answered", "after the request", static c => c.HangAsync())
        {
            Timeouts = "{ firstByte: 0.3 }",
        }.Both(Error(504, "backend_timeout")),
        .. new OpenAiFault(Reset, "before the headers", static async c =>
        {
            await c.ReadRequestAsync();
            c.Reset();
        }).Both(Unreachable),
        .. new OpenAiFault(Reset, "after the headers", static async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(c.AsksForStream ? StreamHead : JsonHead(1000));
            c.Reset();
        }).Both(Broken),
        .. new OpenAiFault(Reset, "in the middle of an event", static async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(StreamHead + Chunk(First));
            await c.UntilSeenAsync();
            await c.WriteAsync(Chunk(Second)[..150]);
            c.Reset();
        }).Streamed(Cut("backend_stream_broken")),
        .. new OpenAiFault(Reset, "in the middle of the JSON", static async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(WholeResponse[..200]);
            c.Reset();
        }).Whole(Broken),
    ];
}
