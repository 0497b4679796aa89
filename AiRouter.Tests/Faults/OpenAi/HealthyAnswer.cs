using System.Text;

namespace AiRouter.Tests.Faults.OpenAi;

/// <summary>The right answer of an OpenAI-compatible backend, and its pieces.</summary>
internal static class HealthyAnswer
{
    /// <summary>The generated text; it has characters of two and four bytes.</summary>
    public const string Text = "Hello w\u00f6rld \U0001F642";

    /// <summary>A whole answer.</summary>
    public const string Json =
        """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"backend-model","choices":[{"index":0,"message":{"role":"assistant","content":"Hello wörld 🙂"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}}""";

    /// <summary>A stream's first event.</summary>
    public static readonly string First = Event("""{"role":"assistant","content":"Hello"}""", "null");

    /// <summary>Its second.</summary>
    public static readonly string Second = Event("""{"content":" wörld 🙂"}""", "null");

    /// <summary>The one that says why the answer ends.</summary>
    public static readonly string Finish = Event("{}", "\"stop\"");

    /// <summary>The one with the usage.</summary>
    public const string Usage =
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"backend-model","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}}""" + "\n\n";

    /// <summary>The end.</summary>
    public const string Done = "data: [DONE]\n\n";

    /// <summary>The headers of a stream.</summary>
    public const string StreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    /// <summary>The headers of a stream that ends with its connection.</summary>
    public const string OpenStreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

    /// <summary>The end of a chunked body.</summary>
    public const string LastChunk = "0\r\n\r\n";

    /// <summary>All events.</summary>
    public static string Events => First + Second + Finish + Usage + Done;

    /// <summary>A whole answer with its headers.</summary>
    public static string WholeResponse => JsonHead(Encoding.UTF8.GetByteCount(Json)) + Json;

    /// <summary>A whole answer that does not say why it ended.</summary>
    public static string Unfinished => JsonHead(Encoding.UTF8.GetByteCount(Json) - 2) + Json.Replace("\"stop\"", "null", StringComparison.Ordinal);

    /// <summary>A stream with its headers.</summary>
    public static string StreamResponse => StreamHead + Chunk(First) + Chunk(Second + Finish) + Chunk(Usage + Done) + LastChunk;

    /// <summary>The headers of a whole answer.</summary>
    public static string JsonHead(long length, string status = "200 OK") =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n";

    /// <summary>One chunk of a chunked body.</summary>
    public static string Chunk(string text) => $"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n";

    private static string Event(string delta, string finish) =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"backend-model","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finish}}}]}""" + "\n\n";
}
