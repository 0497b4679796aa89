using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AiRouter.Benchmarks.Upstreams.Raw;

/// <summary>The answers of the raw upstream, as the bytes that are sent.</summary>
internal static class RawAnswers
{
    /// <summary>What precedes the time in an event; the client looks for it.</summary>
    public const string BeforeStamp = "\"content\":\"";

    /// <summary>The digits of a time: nanoseconds of the system's monotonic clock, in hexadecimal.</summary>
    public const int StampLength = 16;

    private const string Json =
        """{"id":"chatcmpl-0123456789abcdef","object":"chat.completion","created":1767225600,"model":"up-model","choices":[{"index":0,"message":{"role":"assistant","content":"The quick brown fox jumps over the lazy dog. The quick brown fox jumps over the lazy dog, and then it rests under a tree.","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":50,"completion_tokens":30,"total_tokens":80}}""";

    private const string EventStart =
        """data: {"id":"chatcmpl-01234567","object":"chat.completion.chunk","created":1767225600,"model":"up-model","choices":[{"index":0,"delta":{""";

    /// <summary>A whole chat, 410 bytes of JSON.</summary>
    public static byte[] Chat { get; } = Encoding.ASCII.GetBytes(
        Head("application/json", string.Create(CultureInfo.InvariantCulture, $"content-length: {Json.Length}")) + Json);

    /// <summary>What a stream begins with.</summary>
    public static byte[] StreamHead { get; } =
        Encoding.ASCII.GetBytes(Head("text/event-stream; charset=utf-8", "transfer-encoding: chunked"));

    /// <summary>A chunk of a stream, of which the time is replaced.</summary>
    public static byte[] Event { get; } =
        Encoding.ASCII.GetBytes(Chunk(EventStart + BeforeStamp + new string('0', StampLength) + "\"},\"finish_reason\":null}]}\n\n"));

    /// <summary>Where the time is in <see cref="Event"/>.</summary>
    public static int StampAt { get; } = Event.AsSpan().IndexOf(Encoding.ASCII.GetBytes(BeforeStamp)) + BeforeStamp.Length;

    /// <summary>The end of a stream.</summary>
    public static byte[] StreamEnd { get; } = End("");

    /// <summary>The end of a stream whose usage was asked for.</summary>
    public static byte[] StreamEndWithUsage { get; } = End(
        """
        data: {"id":"chatcmpl-01234567","object":"chat.completion.chunk","created":1767225600,"model":"up-model","choices":[],"usage":{"prompt_tokens":50,"completion_tokens":200,"total_tokens":250}}


        """);

    /// <summary>What a request that is none gets.</summary>
    public static byte[] BadRequest { get; } = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"u8.ToArray();

    /// <summary>Writes the time into 16 bytes.</summary>
    public static void Stamp(Span<byte> digits, long nanoseconds) =>
        Utf8Formatter.TryFormat(nanoseconds, digits, out _, new System.Buffers.StandardFormat('x', StampLength));

    private static string Head(string type, string framing) =>
        $"HTTP/1.1 200 OK\r\ndate: Thu, 01 Jan 2026 00:00:00 GMT\r\nserver: uvicorn\r\n{framing}\r\ncontent-type: {type}\r\n\r\n";

    private static string Chunk(string text) => string.Create(CultureInfo.InvariantCulture, $"{text.Length:x}\r\n{text}\r\n");

    private static byte[] End(string usage) => Encoding.ASCII.GetBytes(
        Chunk(EventStart + "},\"finish_reason\":\"stop\"}]}\n\n") + (usage.Length > 0 ? Chunk(usage) : "") + Chunk("data: [DONE]\n\n")
        + "0\r\n\r\n");
}
