using System.Collections.Frozen;
using System.Text.Json;

namespace AiRouter.Benchmarks.Load;

/// <summary>Whether an error is one of those that are documented, with all that belongs to it.</summary>
internal static class ErrorCheck
{
    /// <summary>What faults, limits and queues may lead to: status and code (docs/keys-and-limits.md, docs/routing.md).</summary>
    private static readonly FrozenSet<(int Status, string? Code)> Documented = new (int, string?)[]
    {
        (429, "rate_limit_exceeded"),
        (429, "queue_full"),

        // The upstreams' own, which passes: with its status, or inside of a 200.
        (500, "internal"),
        (502, "internal"),
        (502, "backend_error"),
        (502, "backend_protocol"),
        (502, "backend_stream_broken"),
        (502, "backend_unreachable"),
        (503, "backend_unavailable"),
        (503, "server_is_overloaded"),
        (503, "limits_unavailable"),
        (504, "backend_timeout"),
    }.ToFrozenSet();

    /// <summary>Judges a response that is no 200.</summary>
    public static LoadResult Response(LoadRequest request, HttpResponseMessage response, byte[] body)
    {
        var status = (int)response.StatusCode;
        try
        {
            using var json = JsonDocument.Parse(body);
            var error = json.RootElement.GetProperty("error");
            if (Fault(error) is { } fault)
            {
                return AnswerCheck.Wrong($"{status}: {fault}");
            }

            var code = error.GetProperty("code").GetString();
            var isRight = request.RefusedWith is { } expected
                ? status == expected
                : Documented.Contains((status, code)) || (request.MayBeMissing && (status, code) == (404, "model_not_found"));
            if (!isRight)
            {
                return AnswerCheck.Wrong($"{status} {code ?? "without a code"} was not to be expected: {error.GetProperty("message")}");
            }

            return status is 429 or 503 && response.Headers.RetryAfter is null
                ? AnswerCheck.Wrong($"{status} without Retry-After")
                : new LoadResult { Outcome = LoadOutcome.Refused, Reason = $"{status} {code}" };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return AnswerCheck.Wrong($"{status} with a body that is no error of OpenAI's: {LoadClient.Describe(exception)}");
        }
    }

    /// <summary>What is wrong with an error's members; null: nothing.</summary>
    public static string? Fault(JsonElement error) =>
        error.ValueKind != JsonValueKind.Object
            || error.EnumerateObject().Select(m => m.Name).Order().ToArray() is not ["code", "message", "param", "type"]
            || string.IsNullOrEmpty(error.GetProperty("message").GetString())
            || string.IsNullOrEmpty(error.GetProperty("type").GetString())
            ? "an error without its four members" : null;
}
