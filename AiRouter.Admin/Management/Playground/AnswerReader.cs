using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiRouter.Admin.Management.Playground;

/// <summary>Reads what a router answers, whole or as events, as an OpenAI client would.</summary>
internal static class AnswerReader
{
    private const int MostBytes = 16 * 1024 * 1024;
    private const int LongestShownBody = 16 * 1024;

    /// <summary>Reads a stream of events to its end.</summary>
    public static async Task ReadEventsAsync(Stream body, ChatAnswer answer, CancellationToken cancellationToken)
    {
        long read = 0;
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken))
        {
            if (item.Data == "[DONE]")
            {
                return;
            }

            read += item.Data.Length;
            if (read > MostBytes)
            {
                answer.Fail(new AnswerError($"The answer is longer than {MostBytes / 1024 / 1024} MiB: the rest is not shown."));
                return;
            }

            if (!TryParse(item.Data, out var json))
            {
                answer.Fail(new AnswerError("An event of the answer is no JSON.") { Body = Cut(item.Data) });
                return;
            }

            if (json["error"] is JsonObject error)
            {
                answer.Fail(ErrorOf(error, null, item.Data));
                return;
            }

            AddChoice(json, "delta", answer);
        }

        // Nobody has said that this is all (R40).
        answer.Fail(new AnswerError("The answer broke off: the connection ended before the answer did."));
    }

    /// <summary>Reads a whole answer, or an error.</summary>
    public static async Task ReadWholeAsync(Stream body, int status, ChatAnswer answer, CancellationToken cancellationToken)
    {
        var text = await ReadTextAsync(body, cancellationToken);
        if (text is null)
        {
            answer.Fail(new AnswerError($"The answer is longer than {MostBytes / 1024 / 1024} MiB.") { Status = status });
        }
        else if (!TryParse(text, out var json))
        {
            answer.Fail(new AnswerError("The answer is no JSON: something else than a router answers there, or stands in between.")
            {
                Status = status,
                Body = Cut(text),
            });
        }
        else if (status >= 400 || json["error"] is JsonObject)
        {
            answer.Fail(ErrorOf(json["error"] as JsonObject ?? json, status, text));
        }
        else
        {
            AddChoice(json, "message", answer);
        }
    }

    private static void AddChoice(JsonObject json, string member, ChatAnswer answer)
    {
        // Only one choice is ever asked for, unless somebody writes "n" himself: then the first one is shown.
        if (json["choices"] is JsonArray { Count: > 0 } choices && choices[0] is JsonObject choice && (int?)choice["index"] is null or 0)
        {
            if (choice[member] is JsonObject message)
            {
                answer.Add(message);
            }

            if ((string?)choice["finish_reason"] is { } reason)
            {
                answer.Finish(reason);
            }
        }

        if (json["usage"] is JsonObject usage)
        {
            answer.Count(new AnswerUsage((long?)usage["prompt_tokens"] ?? 0, (long?)usage["completion_tokens"] ?? 0)
            {
                Cached = (long?)usage["prompt_tokens_details"]?["cached_tokens"],
                Reasoning = (long?)usage["completion_tokens_details"]?["reasoning_tokens"],
                IsEstimated = (bool?)usage["estimated"] ?? false,
            });
        }
    }

    private static AnswerError ErrorOf(JsonObject error, int? status, string body) =>
        new(Text(error["message"]) ?? "The router gives no reason.")
        {
            Status = status,
            Type = Text(error["type"]),
            Code = Text(error["code"]),
            Param = Text(error["param"]),
            Body = Cut(body),
        };

    private static string? Text(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => node.ToJsonString(),
    };

    private static bool TryParse(string text, out JsonObject json)
    {
        try
        {
            json = JsonNode.Parse(text) as JsonObject ?? [];
            return json.Count > 0;
        }
        catch (JsonException)
        {
            json = [];
            return false;
        }
    }

    private static async Task<string?> ReadTextAsync(Stream body, CancellationToken cancellationToken)
    {
        using var read = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int count;
        while ((count = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (read.Length + count > MostBytes)
            {
                return null;
            }

            read.Write(buffer, 0, count);
        }

        return System.Text.Encoding.UTF8.GetString(read.GetBuffer().AsSpan(0, (int)read.Length));
    }

    private static string Cut(string text) => text.Length > LongestShownBody ? text[..LongestShownBody] + "…" : text;
}
