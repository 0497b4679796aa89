using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Dialects.Responses;
using AiRouter.Core.Json;

namespace AiRouter.Api.Dialects.Kept.Background;

/// <summary>The response object of a request that is answered later.</summary>
internal static class QueuedResponse
{
    /// <summary>Makes it.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="head">What the answer is called.</param>
    public static JsonObject Of(JsonObject request, DialectHead head)
    {
        var echo = new RequestEcho(request);
        var response = new JsonObject
        {
            ["id"] = head.Id,
            ["object"] = "response",
            ["created_at"] = head.Created,
            ["status"] = JobStatus.Queued,
            ["error"] = null,
            ["incomplete_details"] = null,
            ["model"] = head.Model,
            ["output"] = new JsonArray(),
            ["usage"] = null,
            ["service_tier"] = echo.ServiceTier ?? "default",
        };
        var written = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            echo.Write(json);
            json.WriteEndObject();
        }

        foreach (var (name, value) in JsonBytes.ReadObject(written.WrittenSpan))
        {
            response[name] = value?.DeepClone();
        }

        return response;
    }
}
