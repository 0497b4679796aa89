using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Dialects;
using AiRouter.Api.Dialects.Responses;
using AiRouter.Core.Json;

namespace AiRouter.Tests.Dialects.Responses;

/// <summary>Translates answers of chat, with ids that count from 1.</summary>
internal static class ResponsesRun
{
    /// <summary>The least that a request can be.</summary>
    public const string Request = """{"model": "open", "input": "Hi"}""";

    /// <summary>The whole response, indented.</summary>
    public static string Whole(string completion, string request = Request) => Indented(WholeNode(completion, request));

    /// <summary>The whole response.</summary>
    public static JsonObject WholeNode(string completion, string request = Request)
    {
        var output = new ArrayBufferWriter<byte>();
        Begin(request).WriteWhole(JsonDocument.Parse(completion).RootElement, output);
        return JsonBytes.ReadObject(output.WrittenSpan);
    }

    /// <summary>The frames of a stream that came to its end.</summary>
    public static string Stream(IEnumerable<string> chunks, string request = Request)
    {
        var output = new ArrayBufferWriter<byte>();
        var answer = Begin(request);
        Write(answer, chunks, output);
        answer.WriteEnd(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The frames of a stream that broke off.</summary>
    public static string Broken(IEnumerable<string> chunks, string error)
    {
        var output = new ArrayBufferWriter<byte>();
        var answer = Begin(Request);
        Write(answer, chunks, output);
        answer.WriteError(JsonDocument.Parse(error).RootElement, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The data of each frame; fails for a frame of another form than the API's.</summary>
    public static List<JsonObject> Events(string frames)
    {
        Assert.EndsWith("\n\n", frames, StringComparison.Ordinal);
        var events = new List<JsonObject>();
        foreach (var frame in frames[..^2].Split("\n\n"))
        {
            var lines = frame.Split('\n');
            Assert.Equal(2, lines.Length);
            Assert.StartsWith("data: ", lines[1], StringComparison.Ordinal);
            var data = JsonBytes.ReadObject(Encoding.UTF8.GetBytes(lines[1]["data: ".Length..]));
            Assert.Equal(lines[0], $"event: {(string?)data["type"]}");
            Assert.Equal(events.Count, (int?)data["sequence_number"]);
            events.Add(data);
        }

        return events;
    }

    /// <summary>For reading.</summary>
    public static string Indented(JsonNode node)
    {
        var output = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(output, options))
        {
            node.WriteTo(json);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan) + "\n";
    }

    /// <summary>The same JSON without blanks and lines.</summary>
    public static string Compact(string json) => JsonNode.Parse(json)!.ToJsonString();

    /// <summary>Begins an answer to a request.</summary>
    public static IAnswerTranslation Begin(string request)
    {
        var last = 0;
        return new ResponsesDialect().Begin(
            JsonBytes.ReadObject(Encoding.UTF8.GetBytes(request)),
            new DialectHead("open", 1770950813, () => (++last).ToString(CultureInfo.InvariantCulture)));
    }

    private static void Write(IAnswerTranslation answer, IEnumerable<string> chunks, ArrayBufferWriter<byte> output)
    {
        foreach (var chunk in chunks)
        {
            answer.WriteChunk(JsonDocument.Parse(chunk).RootElement, output);
        }
    }
}
