using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton.Contract;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using static AiRouter.Tests.Faults.FaultOutcome;

namespace AiRouter.Tests.Faults.Triton;

/// <summary>What a Triton server tells of its models and cannot keep, and what befalls models while many clients ask.</summary>
internal static class TritonModelFaults
{
    private const string Images = "i image FP32 3,224,224 REQ\no classes FP32 1000 REQ";

    private static readonly FaultOutcome Failed = Error(502, "backend_error");
    private static readonly FaultOutcome Broken = Error(502, "backend_stream_broken");
    private static readonly FaultOutcome Misconfigured = Error(502, "backend_misconfigured");
    private static readonly FaultOutcome Unavailable = Error(503, "backend_unavailable");
    private static readonly FaultOutcome Unreachable = Error(502, "backend_unreachable");

    /// <summary>The rows.</summary>
    public static IEnumerable<FaultCase> Rows => [.. Told.SelectMany(static f => f.Rows), .. UnderLoad.SelectMany(static f => f.Rows)];

    private static IEnumerable<TritonConnectionFault> Told =>
    [
        Tells("Configuration of the model missing", Misconfigured, Misconfigured, static call => EndAsync(call, 5)),
        Tells("Model not loaded", Unavailable, Right, static call =>
            EndAsync(call, 14, "Request for unknown model: 'backend-model' has no available versions")),
        Tells("Server that stops", Unavailable, Right, static call =>
            EndAsync(call, 14, "GRPC server is shutting down and has stopped accepting new requests.")),
        Tells("Configuration that is not told", Failed, Failed, static call => EndAsync(call, 13)),
        Tells("Call of the configuration unknown", Misconfigured, Misconfigured, static call => EndAsync(call, 12)),
        Tells("Configuration without inputs and outputs", Unusable, Unusable, static call =>
            MessageAsync(call, new ModelConfigResponse { Config = new ModelConfig() }.ToByteArray())),
        Tells("Configuration of another kind of model", Unusable, Unusable, static call =>
            MessageAsync(call, new ModelConfigResponse { Config = Configs.Parse(Images) }.ToByteArray())),
        Tells("Random bytes as the configuration", Error(502, "backend_protocol"), Error(502, "backend_protocol"), static call =>
            MessageAsync(call, "not a message"u8.ToArray())),
    ];

    private static FaultOutcome Unusable => Error(400, "unsupported_operation");

    private static IEnumerable<TritonLoadFault> UnderLoad =>
    [
        new(
            "Model unloaded, and loaded again",
            static s => Done(() => s.Unload("ensemble")), static s => Done(() => s.Load("ensemble")),
            [Unavailable], []),
        new("GOAWAY", static s => Done(s.GoAway), static s => Done(s.GoAway), [], []),
        new(
            "All connections cut", static s => Done(s.DropConnections), static s => Done(s.DropConnections),
            [Broken, Unreachable, Cut("backend_stream_broken")], [Cut("backend_stream_broken")]),
        new(
            "Server killed, and started again", static s => s.KillAsync(), static s => s.RestartAsync(),
            [Broken, Unreachable, Cut("backend_stream_broken")], [Cut("backend_stream_broken")]),
    ];

    private static TritonConnectionFault Tells(string name, FaultOutcome alone, FaultOutcome second, Func<HttpContext, Task> answer) =>
        new(name, "before the request", alone, s => s.Server.Intercept = async (method, call) =>
        {
            if (method != "ModelConfig")
            {
                return false;
            }

            call.Response.ContentType = "application/grpc";
            await answer(call);
            return true;
        })
        {
            Second = second,
        };

    private static Task EndAsync(HttpContext call, int status, string detail = "")
    {
        var stream = new ScriptedStream(call);
        stream.Status(status, detail);
        return stream.EndAsync();
    }

    private static async Task MessageAsync(HttpContext call, byte[] message)
    {
        var stream = new ScriptedStream(call);
        await stream.WriteRawAsync(message);
        await stream.EndAsync();
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
