using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>Errors as clients of Anthropic's API look for them.</summary>
internal static class MessagesError
{
    /// <summary>Anthropic's status for a server that has too much to do; its clients wait longer for it than for 503.</summary>
    private const int Overloaded = 529;

    /// <summary>The status that goes out.</summary>
    public static int StatusOf(ApiError error) => IsOverload(error) ? Overloaded : error.EffectiveStatus;

    /// <summary>The body.</summary>
    /// <param name="error">What failed.</param>
    /// <param name="requestId">The request's id; null: it is left out.</param>
    public static byte[] ToJson(ApiError error, string? requestId)
    {
        var output = new ArrayBufferWriter<byte>(256);
        Write(output, TypeOf(StatusOf(error)), error.Message, requestId);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The error as the last event of a stream.</summary>
    public static byte[] ToFrame(ApiError error) => FrameOf(TypeOf(StatusOf(error)), error.Message);

    /// <summary>The same for an error that is OpenAI's already.</summary>
    /// <param name="error"><c>message</c>, <c>type</c>, <c>param</c>, <c>code</c>.</param>
    public static byte[] FrameOf(JsonElement error) => FrameOf(
        TypeOf(JsonElements.TextIn(error, "type"), JsonElements.TextIn(error, "code")),
        JsonElements.TextIn(error, "message") ?? "The answer broke off.");

    private static byte[] FrameOf(string type, string message)
    {
        var output = new ArrayBufferWriter<byte>(256);
        output.Write("event: error\ndata: "u8);
        Write(output, type, message, requestId: null);
        output.Write("\n\n"u8);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> output, string type, string message, string? requestId)
    {
        using var json = new Utf8JsonWriter(output, MessageJson.Options);
        json.WriteStartObject();
        json.WriteString("type", "error");
        json.WriteStartObject("error");
        json.WriteString("type", type);
        json.WriteString("message", message);
        json.WriteEndObject();
        if (requestId is not null)
        {
            json.WriteString("request_id", requestId);
        }

        json.WriteEndObject();
    }

    /// <summary>The router's own load and the backend's; a router that starts or stops is not overloaded.</summary>
    private static bool IsOverload(ApiError error) => error.EffectiveStatus is 503 or Overloaded && error.Cause is
        ErrorCause.BackendOverloaded or ErrorCause.QueueTimeout or ErrorCause.OutOfBuffers;

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        Overloaded => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };

    /// <summary>An event has no status: what OpenAI calls the error tells.</summary>
    private static string TypeOf(string? type, string? code) => (type, code) switch
    {
        (_, "server_is_overloaded" or "slow_down") or ("overloaded_error", _) => "overloaded_error",
        (_, "rate_limit_exceeded" or "insufficient_quota") or ("rate_limit_error" or "requests" or "tokens" or "insufficient_quota", _) =>
            "rate_limit_error",
        (_, "backend_timeout") or ("timeout_error", _) => "timeout_error",
        (_, "invalid_api_key") or ("authentication_error", _) => "authentication_error",
        ("permission_error" or "not_found_error" or "request_too_large" or "billing_error", _) => type!,
        ("invalid_request_error", _) => "invalid_request_error",
        _ => "api_error",
    };
}
