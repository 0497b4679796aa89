using System.Text.Json.Nodes;
using AiRouter.Api.Errors;
using AiRouter.Core.Json;

namespace AiRouter.Api.Sockets.Turns;

/// <summary>Errors as events of the Responses API over a WebSocket: the body of an HTTP error, with its status beside it.</summary>
internal static class TurnErrors
{
    /// <summary>An event.</summary>
    /// <param name="error">What is wrong.</param>
    /// <param name="stream">The stream that it is about, as the client calls it; null: it has not named any.</param>
    public static byte[] Event(ApiError error, string? stream = null)
    {
        var row = ErrorTable.For(error.Cause);
        return Event(error.Type ?? row.Type, error.Code ?? row.Code, error.Message, error.EffectiveStatus, error.Param, stream);
    }

    /// <summary>The same of its parts.</summary>
    public static byte[] Event(string type, string? code, string message, int status, string? param = null, string? stream = null)
    {
        var body = new JsonObject
        {
            ["type"] = "error",
            ["status"] = status,
            ["error"] = new JsonObject { ["type"] = type, ["code"] = code, ["message"] = message, ["param"] = param },
        };
        if (stream is not null)
        {
            body["stream_id"] = stream;
        }

        return JsonBytes.RelaxedOf(body);
    }
}
