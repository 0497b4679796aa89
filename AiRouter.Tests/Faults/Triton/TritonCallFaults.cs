using AiRouter.Tests.Triton.Fixtures;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using static AiRouter.Tests.Faults.FaultOutcome;

namespace AiRouter.Tests.Faults.Triton;

/// <summary>What goes wrong with one call at a Triton server, at each moment of its answer.</summary>
internal static class TritonCallFaults
{
    private static readonly FaultOutcome Broken = Error(502, "backend_stream_broken");
    private static readonly FaultOutcome Protocol = Error(502, "backend_protocol");

    private static readonly byte[] GoAway =
    [
        0, 0, 8, 7, 0, 0, 0, 0, 0, // A frame of 8 bytes, GOAWAY, on the connection.
        0, 0, 0, 0, 0, 0, 0, 2, // No stream was taken; INTERNAL_ERROR.
    ];

    /// <summary>The rows.</summary>
    public static IEnumerable<FaultCase> Rows => All.SelectMany(static f => f.Rows);

    private static IEnumerable<TritonCallFault> All =>
    [
        new("RST_STREAM CANCEL", Broken, (_, call) => ResetAsync(call, 8)) { IsAbrupt = true, Second = Right },
        new("RST_STREAM INTERNAL_ERROR", Broken, (_, call) => ResetAsync(call, 2)) { IsAbrupt = true, Second = Right },
        new("RST_STREAM REFUSED_STREAM", Error(503, "backend_unavailable"), (_, call) => ResetAsync(call, 7))
        {
            IsAbrupt = true,
            Second = Right,
        },
        new("TCP reset", Broken, async (scene, call) =>
        {
            scene.Wire.Cut();
            await HangAsync(call);
        }) { IsAbrupt = true, Second = Right },
        new("TCP half-closed by the server", Broken, async (scene, call) =>
        {
            scene.Wire.Cut(withReset: false);
            await HangAsync(call);
        }) { IsAbrupt = true, Second = Right },
        new("GOAWAY, then the end of the connection", Broken, async (scene, call) =>
        {
            await scene.Wire.InjectAsync(GoAway);
            scene.Wire.Cut(withReset: false);
            await HangAsync(call);
        }) { IsAbrupt = true, Second = Right },
        new("GOAWAY, and the answer goes on", Right, (scene, _) =>
        {
            scene.Server.CloseConnections();
            return Task.CompletedTask;
        }) { GoesOn = true },
        new("No more bytes", Error(504, "backend_timeout"), async (scene, call) =>
        {
            scene.Speed = 100;
            await HangAsync(call);
        }) { Second = Error(504, "backend_timeout") },
        new("In-band error", Error(502, "backend_error"), (_, call) => WriteAsync(call, Responses.Error("CUDA error: out of memory")))
        {
            Second = Error(502, "backend_error"),
        },
        new("In-band error with UNAVAILABLE's text", Error(503, "backend_unavailable"), (_, call) =>
            WriteAsync(call, Responses.Error("GRPC server is shutting down and has stopped accepting new requests."))) { Second = Right },
        new("End without a final response, status OK", Broken, (_, call) => EndAsync(call, 0)),
        new("End without a status", Broken, (_, call) => BytesAsync(call, [])),
        new("Status UNAVAILABLE", Error(503, "backend_unavailable"), (_, call) => EndAsync(call, 14)) { Second = Right },
        new("Status INTERNAL", Error(502, "backend_error"), (_, call) => EndAsync(call, 13)),
        new("Status RESOURCE_EXHAUSTED", Error(503, "server_is_overloaded"), (_, call) => EndAsync(call, 8)) { Second = Right },
        new("Status 999", Error(502, "backend_error"), (_, call) => EndAsync(call, 999)),
        new("Length prefix cut off", Protocol, (_, call) => BytesAsync(call, [0, 0, 0])),
        new("Message cut off", Protocol, (_, call) => BytesAsync(call, [0, 0, 0, 0, 100, 1, 2, 3])),
        new("Length prefix of 4 GiB", Protocol, (_, call) => BytesAsync(call, [0, 255, 255, 255, 255, 1, 2, 3])),
        new("Compressed message in no encoding", Error(502, "backend_error"), (_, call) => BytesAsync(call, [1, 0, 0, 0, 1, 1])),
        new("Message of 100 MiB", Protocol, async (_, call) =>
        {
            await BytesAsync(call, [0, 6, 64, 0, 0]);
            for (var i = 0; i < 100 && !call.RequestAborted.IsCancellationRequested; i++)
            {
                await call.Response.Body.WriteAsync(new byte[1024 * 1024]);
            }
        }),
        new("Message that is no protobuf", Protocol, (_, call) => MessageAsync(call, "not a message"u8.ToArray())),
        new("Tensor of another type", Protocol, (_, call) =>
            WriteAsync(call, Responses.New().WithInt32("text_output", 7, 1, 1).Build())),
        new("Tensor with a negative shape", Protocol, (_, call) =>
            WriteAsync(call, Responses.New().With("text_output", "BYTES", [-1, 1], [1, 0, 0, 0, 65]).Build())),
        new("Tensor with a shape beyond all bounds", Protocol, (_, call) =>
            WriteAsync(call, Responses.New().With("text_output", "BYTES", [1L << 40, 1L << 40], [1, 0, 0, 0, 65]).Build())),
        new("Text longer than its tensor", Protocol, (_, call) =>
            WriteAsync(call, Responses.New().With("text_output", "BYTES", [1, 1], [255, 255, 255, 127, 65]).Build())),
        new("Tensor of less content than its shape", Protocol, (_, call) =>
            WriteAsync(call, Responses.New().With("text_output", "BYTES", [2, 1], [1, 0, 0, 0, 65]).Build())),
        new("Final response without the text", Protocol, (_, call) =>
            WriteAsync(call, Responses.New().WithInt32("something_else", 7, 1, 1).Build(isFinal: true))) { OnlyEarly = true },
    ];

    private static Task ResetAsync(HttpContext call, int code)
    {
        call.Features.Get<IHttpResetFeature>()!.Reset(code);
        return Task.CompletedTask;
    }

    private static async Task HangAsync(HttpContext call)
    {
        var gone = new TaskCompletionSource();
        await using var registration = call.RequestAborted.Register(gone.SetResult);
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static Task WriteAsync(HttpContext call, IMessage message) => MessageAsync(call, message.ToByteArray());

    private static async Task MessageAsync(HttpContext call, byte[] message)
    {
        call.Response.ContentType ??= "application/grpc";
        var stream = new ScriptedStream(call);
        await stream.WriteRawAsync(message);
        await stream.EndAsync();
    }

    private static async Task BytesAsync(HttpContext call, byte[] bytes)
    {
        call.Response.ContentType ??= "application/grpc";
        await call.Response.Body.WriteAsync(bytes);
        await call.Response.Body.FlushAsync();
    }

    private static async Task EndAsync(HttpContext call, int status)
    {
        call.Response.ContentType ??= "application/grpc";
        var stream = new ScriptedStream(call);
        stream.Status(status, "");
        await stream.EndAsync();
    }
}
