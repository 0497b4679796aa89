using System.IO.Compression;
using System.Text;
using static AiRouter.Tests.Faults.FaultOutcome;
using static AiRouter.Tests.Faults.OpenAi.HealthyAnswer;
using static AiRouter.Tests.Faults.OpenAi.Scripts;

namespace AiRouter.Tests.Faults.OpenAi;

/// <summary>Answers that are no HTTP, or HTTP with wrong lengths, chunks, encodings and lines.</summary>
internal static class FramingFaults
{
    private const string Garbage = "Garbage instead of HTTP";
    private const string WrongLength = "Wrong Content-Length";
    private const string BrokenChunks = "Broken chunks";
    private const string HugeLine = "A line of 100 MiB";
    private const string JsonChunked = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const long FewMiB = 24 * 1024 * 1024;

    private static readonly int _length = Encoding.UTF8.GetByteCount(Json);
    private static readonly Lazy<byte[]> _bomb = new(static () => Pack(new byte[1024 * 1024], 256));
    private static readonly FaultOutcome _protocol = Error(502, "backend_protocol");
    private static readonly FaultOutcome _broken = Error(502, "backend_stream_broken");

    /// <summary>The rows.</summary>
    public static IEnumerable<FaultCase> Rows => [.. NoHttp, .. Lengths, .. Chunks, .. HugeLines, .. Encodings];

    private static IEnumerable<FaultCase> NoHttp =>
    [
        .. new OpenAiFault(Garbage, "a line of text", Sends("nonsense\r\n\r\n")).Both(_protocol, _protocol),
        .. new OpenAiFault(Garbage, "another protocol", Sends("SSH-2.0-OpenSSH_9.6\r\n")).Both(_protocol),
        .. new OpenAiFault(Garbage, "binary", static async c =>
        {
            await c.ReadRequestAsync();
            var bytes = new byte[4096];
            new Random(1).NextBytes(bytes);
            await c.WriteAsync(bytes);
        }).Both(_protocol),
        .. new OpenAiFault(Garbage, "in a header line", Sends("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n{}")).Both(_protocol),
        .. new OpenAiFault(Garbage, "in the status", Sends("HTTP/1.1 2x0 OK\r\n\r\n")).Both(_protocol),
    ];

    private static IEnumerable<FaultCase> Lengths =>
    [
        .. new OpenAiFault(WrongLength, "longer than the body", Sends(
            JsonHead(_length + 10) + Json, StreamOfLength(5) + Events)).Whole(_broken),
        .. new OpenAiFault(WrongLength, "longer than the stream, which has its `[DONE]`", Sends(
            "", StreamOfLength(Encoding.UTF8.GetByteCount(Events) + 10) + Events)).Streamed(Right),
        .. new OpenAiFault(WrongLength, "longer than the stream, which has none", Sends(
            "", StreamOfLength(10_000) + First)).Streamed(Cut("backend_stream_broken")),
        .. new OpenAiFault(WrongLength, "shorter than the body", Sends(JsonHead(_length - 10) + Json)).Whole(_protocol),
        .. new OpenAiFault(WrongLength, "shorter than the stream", Sends(
            "", StreamOfLength(Encoding.UTF8.GetByteCount(First) + 20) + Events)).Streamed(Cut("backend_protocol")),
        .. new OpenAiFault(WrongLength, "not a number", Sends(
            WholeResponse.Replace($"{_length}", "many", StringComparison.Ordinal))).Whole(_protocol),
        .. new OpenAiFault(WrongLength, "negative", Sends(
            WholeResponse.Replace($"{_length}", "-1", StringComparison.Ordinal))).Whole(_protocol),
        .. new OpenAiFault(WrongLength, "two that differ", Sends(
            WholeResponse.Replace("Content-Length", "Content-Length: 5\r\nContent-Length", StringComparison.Ordinal))).Whole(_protocol),
    ];

    private static IEnumerable<FaultCase> Chunks =>
    [
        .. new OpenAiFault(BrokenChunks, "no size at the beginning", Sends(JsonChunked + "zz\r\n{}\r\n", StreamHead + "zz\r\n{}\r\n"))
            .Both(_broken),
        .. new OpenAiFault(BrokenChunks, "a size beyond any number", Sends(
            JsonChunked + "fffffffffffffffff\r\n{}\r\n", StreamHead + "fffffffffffffffff\r\n{}\r\n")).Both(_broken),
        .. new OpenAiFault(BrokenChunks, "no size behind the first event", SendsAfterFirstChunk("zz\r\n" + Second))
            .Streamed(Cut("backend_stream_broken")),
        .. new OpenAiFault(BrokenChunks, "longer than its size", Sends(JsonChunked + "5\r\n" + Json + "\r\n0\r\n\r\n")).Whole(_broken),
        .. new OpenAiFault(BrokenChunks, "no last one, the answer is whole", Sends(
            JsonChunked + Chunk(Json), StreamHead + Chunk(Events))).Whole(_broken),
        .. new OpenAiFault(BrokenChunks, "no last one, the stream has its `[DONE]`", Sends(
            "", StreamHead + Chunk(Events))).Streamed(Right),
    ];

    private static IEnumerable<FaultCase> HugeLines =>
    [
        .. new OpenAiFault(HugeLine, "in the status line", SendsHuge("HTTP/1.1 200 ")) { MaxTaken = FewMiB }.Both(_protocol),
        .. new OpenAiFault(HugeLine, "in a header", SendsHuge("HTTP/1.1 200 OK\r\nX-Large: ")) { MaxTaken = FewMiB }.Both(_protocol),
        .. new OpenAiFault(HugeLine, "in a chunk's size", SendsHuge(StreamHead + "5;x=")) { MaxTaken = FewMiB }.Streamed(_broken),
        .. new OpenAiFault(HugeLine, "as the first event", SendsHuge(OpenStreamHead + "data: {\"x\":\"")) { MaxTaken = FewMiB }
            .Streamed(_protocol),
        .. new OpenAiFault(HugeLine, "as a comment", SendsHuge(OpenStreamHead + ": ")) { MaxTaken = FewMiB }.Streamed(_protocol),
        .. new OpenAiFault(HugeLine, "as a later event", AfterFirstEvent(static async c =>
        {
            await c.WriteAsync("data: {\"x\":\"");
            await HugeAsync(c);
        }))
        {
            MaxTaken = FewMiB,
        }.Streamed(Cut("backend_protocol")),
        .. new OpenAiFault(HugeLine, "as JSON, above `server.maxBufferedMiB`", SendsHuge(JsonHead(200 * 1024 * 1024) + "{\"x\":\""))
        {
            Server = "{ maxBodyMiB: 3, maxBufferedMiB: 4 }",
            MaxTaken = FewMiB,
            Health = NoFailure,
        }.Both(Error(503, "server_is_overloaded", 1)),
        .. new OpenAiFault(HugeLine, "as the text of an error", SendsHuge(JsonHead(200 * 1024 * 1024, "500 Oops") + "{\"x\":\""))
        {
            MaxTaken = FewMiB,
        }.Both(Error(500, "backend_error")),
    ];

    private static IEnumerable<FaultCase> Encodings =>
    [
        .. new OpenAiFault("Unknown Content-Encoding", "in the headers", Sends(
            WholeResponse.Replace("Content-Length", "Content-Encoding: zip9\r\nContent-Length", StringComparison.Ordinal))).Both(_protocol),
        .. new OpenAiFault("Unknown Content-Encoding", "two of them", Sends(
            WholeResponse.Replace("Content-Length", "Content-Encoding: br, gzip\r\nContent-Length", StringComparison.Ordinal)))
            .Both(_protocol),
        .. new OpenAiFault("Broken gzip", "in the body", Sends(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\nnot gzip"))
            .Both(_protocol),
        .. new OpenAiFault("Half a gzip stream", "in the body", SendsGzip(static () => Pack(Encoding.UTF8.GetBytes(Json), 1).AsMemory(..^40), "application/json")).Whole(_protocol),
        .. new OpenAiFault("256 MiB in 1 MiB of gzip", "an event stream", SendsGzip(static () => _bomb.Value, "text/event-stream")).Streamed(_protocol),
        .. new OpenAiFault("256 MiB in 1 MiB of gzip", "JSON", SendsGzip(static () => _bomb.Value, "application/json"))
        {
            Server = "{ maxBodyMiB: 3, maxBufferedMiB: 4 }",
            Health = NoFailure,
        }.Whole(Error(503, "server_is_overloaded", 1)),
    ];

    private static string StreamOfLength(int length) =>
        $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {length}\r\n\r\n";

    /// <summary>Sends bytes compressed with gzip.</summary>
    private static Func<FaultConnection, Task> SendsGzip(Func<ReadOnlyMemory<byte>> packed, string contentType) => async c =>
    {
        await c.ReadRequestAsync();
        var bytes = packed();
        await c.WriteAsync(
            $"HTTP/1.1 200 OK\r\nContent-Type: {contentType}\r\nContent-Encoding: gzip\r\nContent-Length: {bytes.Length}\r\n\r\n");
        await c.WriteAsync(bytes);
    };

    private static byte[] Pack(byte[] block, int times)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = 0; i < times; i++)
            {
                gzip.Write(block);
            }
        }

        return packed.ToArray();
    }
}
