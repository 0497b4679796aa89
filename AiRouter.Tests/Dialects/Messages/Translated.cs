using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Dialects;
using AiRouter.Api.Dialects.Messages;
using AiRouter.Api.Errors;

namespace AiRouter.Tests.Dialects.Messages;

/// <summary>Translations as the tests look at them.</summary>
internal static class Translated
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A request of the client's, as the chat that it becomes.</summary>
    public static JsonObject Chat(string request)
    {
        var chat = MessagesDialect.Instance.ToChat(JsonNode.Parse(request)!.AsObject(), out var error);
        Assert.Null(error);
        return chat!;
    }

    /// <summary>Why a request of the client's cannot become chat.</summary>
    public static ApiError Refused(string request)
    {
        Assert.Null(MessagesDialect.Instance.ToChat(JsonNode.Parse(request)!.AsObject(), out var error));
        return error!;
    }

    /// <summary>A completion as the message that the client gets.</summary>
    public static string Whole(string completion, string request = "{}")
    {
        var output = new ArrayBufferWriter<byte>();
        using var document = JsonDocument.Parse(completion);
        Begin(request).WriteWhole(document.RootElement, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Chunks as the events that the client gets, to the regular end.</summary>
    public static string Stream(string request, params string[] chunks)
    {
        var output = new ArrayBufferWriter<byte>();
        var answer = Begin(request);
        foreach (var chunk in chunks)
        {
            using var document = JsonDocument.Parse(chunk);
            answer.WriteChunk(document.RootElement, output);
        }

        answer.WriteEnd(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Begins an answer whose ids are counted.</summary>
    public static IAnswerTranslation Begin(string request)
    {
        var ids = 0;
        return MessagesDialect.Instance.Begin(
            JsonNode.Parse(request)!.AsObject(), new DialectHead("public-model", 1_700_000_000, () => $"{++ids:0000}"));
    }

    /// <summary>Readable.</summary>
    public static string Pretty(JsonNode node) => node.ToJsonString(Indented) + "\n";

    /// <summary>A chunk with a delta.</summary>
    public static string Chunk(string delta, string finish = "null", string more = "") =>
        $$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[""" +
        $$"""{"index":0,"delta":{{delta}},"finish_reason":{{finish}}{{more}}}],"usage":null}""";
}
