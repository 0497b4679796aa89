using static AiRouter.Tests.Faults.FaultOutcome;
using static AiRouter.Tests.Faults.OpenAi.HealthyAnswer;
using static AiRouter.Tests.Faults.OpenAi.Scripts;

namespace AiRouter.Tests.Faults.OpenAi;

/// <summary>Connections that do not come about, break, or stand still.</summary>
internal static class ConnectionFaults
{
    private const string Reset = "Connection reset";
    private const string HalfClosed = "Half-closed (FIN)";
    private const string Silent = "Backend falls silent";
    private const string ShortFirstByte = "{ firstByte: 0.3 }";
    private const string ShortIdle = "{ idle: 0.3 }";
    private const string ShortTotal = "{ total: 0.5 }";

    private static readonly string _large = new('x', 8 * 1024 * 1024);
    private static readonly FaultOutcome _unreachable = Error(502, "backend_unreachable");
    private static readonly FaultOutcome _broken = Error(502, "backend_stream_broken");
    private static readonly FaultOutcome _timeout = Error(504, "backend_timeout");

    /// <summary>The rows.</summary>
    public static IEnumerable<FaultCase> Rows => [.. Connecting, .. Resets, .. HalfCloses, .. Silences, .. Uploads];

    private static IEnumerable<FaultCase> Connecting =>
    [
        .. new OpenAiFault("Connection refused", "connecting", static _ => Task.CompletedTask) { Listens = false }
            .Both(_unreachable, Right),
        .. new OpenAiFault("Connection closed", "as soon as it stands", static _ => Task.CompletedTask).Both(_unreachable, Right),
    ];

    private static IEnumerable<FaultCase> Resets =>
    [
        .. new OpenAiFault(Reset, "before the headers", static async c =>
        {
            await c.ReadRequestAsync();
            c.Reset();
        }).Both(_unreachable, Right),
        .. new OpenAiFault(Reset, "in the middle of the headers", static async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(WholeResponse[..30]);
            c.Reset();
        }).Both(_unreachable, Right),
        .. new OpenAiFault(Reset, "after the headers", static async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(c.AsksForStream ? StreamHead : JsonHead(1000));
            c.Reset();
        }).Both(_broken, Right),
        .. new OpenAiFault(Reset, "in the middle of the JSON", static async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(WholeResponse[..200]);
            c.Reset();
        }).Whole(_broken, Right),
        .. new OpenAiFault(Reset, "between two events", AfterFirstEvent(static c =>
        {
            c.Reset();
            return Task.CompletedTask;
        })).Streamed(Cut("backend_stream_broken"), Cut("backend_stream_broken")),
        .. new OpenAiFault(Reset, "in the middle of a token", AfterFirstEvent(static async c =>
        {
            // The second event up to the first of the two bytes of its ö.
            var bytes = System.Text.Encoding.UTF8.GetBytes(Second);
            await c.WriteAsync(bytes.AsMemory(0, bytes.AsSpan().IndexOf((byte)0xC3) + 1));
            c.Reset();
        })).Streamed(Cut("backend_stream_broken")),
        .. new OpenAiFault(Reset, "while the kept connection is idle", static async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(c.AsksForStream ? StreamResponse : WholeResponse);
            await c.UntilSeenAsync();
            c.Reset();
        }).Both(Right),
    ];

    private static IEnumerable<FaultCase> HalfCloses =>
    [
        .. new OpenAiFault(HalfClosed, "before the headers", Sends("")).Both(_unreachable, Right),
        .. new OpenAiFault(HalfClosed, "in the middle of the headers", Sends(WholeResponse[..30])).Both(_unreachable, Right),
        .. new OpenAiFault(HalfClosed, "after the headers", Sends(JsonHead(1000), StreamHead)).Both(_broken),
        .. new OpenAiFault(HalfClosed, "in the middle of the JSON", Sends(WholeResponse[..200])).Whole(_broken),
        .. new OpenAiFault(HalfClosed, "in the middle of an event", SendsAfterFirstChunk(Chunk(Second)[..150]))
            .Streamed(Cut("backend_stream_broken")),
        .. new OpenAiFault(HalfClosed, "behind the answer", Sends(WholeResponse, StreamResponse)).Both(Right),
    ];

    private static IEnumerable<FaultCase> Silences =>
    [
        .. new OpenAiFault(Silent, "after the request", static c => c.HangAsync()) { Timeouts = ShortFirstByte }
            .Both(_timeout, _timeout),
        .. new OpenAiFault(Silent, "after the request (`retry.onTimeout`)", static c => c.HangAsync())
        {
            Timeouts = ShortFirstByte,
            Retry = "onTimeout: true",
        }.Both(_timeout, Right),
        .. new OpenAiFault(Silent, "in the middle of the headers", static async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(WholeResponse[..30]);
            await c.HangAsync();
        })
        {
            Timeouts = ShortFirstByte,
        }.Both(_timeout),
        .. new OpenAiFault(Silent, "after the headers", static async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(c.AsksForStream ? StreamHead : JsonHead(1000));
            await c.HangAsync();
        })
        {
            Timeouts = ShortIdle,
        }.Both(_timeout),
        .. new OpenAiFault(Silent, "in the middle of the JSON", static async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(WholeResponse[..200]);
            await c.HangAsync();
        })
        {
            Timeouts = ShortIdle,
        }.Whole(_timeout),
        .. new OpenAiFault(Silent, "between two events", AfterFirstEvent(static c => c.HangAsync())) { Timeouts = ShortIdle }
            .Streamed(Cut("backend_timeout")),
        .. new OpenAiFault("Comments without end", "before the first event", static async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(StreamHead);
            await CommentsAsync(c);
        })
        {
            Timeouts = ShortTotal,
        }.Streamed(_timeout),
        .. new OpenAiFault("Comments without end", "between two events", static async c =>
        {
            await c.ReadRequestAsync();
            await c.WriteAsync(StreamHead + Chunk(First));
            await CommentsAsync(c);
        })
        {
            Timeouts = ShortTotal,
        }.Streamed(Cut("backend_timeout")),
        .. new OpenAiFault("Trickled bytes", "headers and body, one byte at a time", static async c =>
        {
            c.IsKept = await c.ReadRequestAsync();
            await c.TrickleAsync(c.AsksForStream ? StreamResponse : WholeResponse);
        }).Both(Right),
    ];

    private static IEnumerable<FaultCase> Uploads =>
    [
        .. new OpenAiFault(Reset, "while the request is sent", static async c =>
        {
            await c.ReadSomeAsync();
            c.Reset();
        })
        {
            Content = _large,
        }.Both(_unreachable, Right),
        .. new OpenAiFault("Request never read", "while the request is sent", static c => c.UntilHealedAsync())
        {
            Content = _large,
            Timeouts = "{ firstByte: 1 }",
            LastsUntilHealed = true,
        }.Both(_timeout),
        .. new OpenAiFault("Request read slowly", "while the request is sent", static async c =>
        {
            c.ReadDelay = TimeSpan.FromMilliseconds(1);
            c.IsKept = await c.ReadRequestAsync();
            await c.WriteAsync(c.AsksForStream ? StreamResponse : WholeResponse);
        })
        {
            Content = _large,
        }.Both(Right),
        .. new OpenAiFault("Answered early", "while the request is sent", static async c =>
        {
            await c.ReadSomeAsync();
            await c.WriteAsync(JsonHead(2, "400 Bad Request") + "{}");
        })
        {
            Content = _large,
            Health = NoFailure,
        }.Both(Error(400, null)),
    ];

    private static async Task CommentsAsync(FaultConnection connection)
    {
        while (true)
        {
            await connection.WriteAsync(Chunk(": still busy\n\n"));
            await Task.Delay(50, connection.Stopping);
        }
    }
}
