using System.Globalization;
using System.Text;
using AiRouter.Benchmarks.Upstreams.Raw;

namespace AiRouter.Benchmarks.Load.Raw;

/// <summary>A request as the bytes that are sent, and what its answer must be.</summary>
/// <param name="Bytes">Head and body.</param>
/// <param name="Events">How many events its stream has; 0: it is none.</param>
internal sealed record RawRequest(byte[] Bytes, int Events)
{
    /// <summary>For <see cref="Events"/>: a stream of some events.</summary>
    public const int AnyEvents = -1;

    private const string System = """{"role":"system","content":"You are a helpful assistant that answers in one sentence."}""";
    private const string Question =
        "Tell me about the quick brown fox and the lazy dog, and where they went after the story had ended, in short, please.";

    /// <summary>Whether these are the events of its answer.</summary>
    public bool IsAnsweredBy(EventReader events) =>
        Events == 0 || (events.IsDone && (Events == AnyEvents || Events == events.Events));

    /// <summary>A chat, 300 bytes; with a longer prompt when that is asked for.</summary>
    /// <param name="key">The client's key.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="prompt">Bytes that the body is to have at least.</param>
    public static RawRequest Chat(string key, string model, int prompt = 0)
    {
        var body = Body(model, "", Question);
        var missing = prompt - body.Length;
        return Post("/v1/chat/completions", key, missing > 0 ? Body(model, "", Long(Question, missing)) : body, 0);
    }

    /// <summary>A chat as a stream of the raw upstream.</summary>
    /// <param name="key">The client's key.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="chunks">Its chunks; two events follow them.</param>
    /// <param name="interval">Between two of them.</param>
    public static RawRequest Stream(string key, string model, int chunks, TimeSpan interval) => Post(
        "/v1/chat/completions", key,
        Body(model, $",\"stream\":true,\"user\":\"{StreamDirective.Text(chunks, interval)}\"", Question), chunks + 2);

    /// <summary>A chat as a stream of the simulated Triton, whose prompt says what the answer is.</summary>
    /// <param name="key">The client's key.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="tokens">Its tokens; how many events they come in is the router's business.</param>
    /// <param name="milliseconds">Before each of them.</param>
    public static RawRequest Triton(string key, string model, int tokens, int milliseconds) => Post(
        "/v1/chat/completions", key,
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"model":"{{model}}","stream":true,"messages":[{{System}},{{User(TritonPrompt(tokens, milliseconds))}}],"max_tokens":{{tokens}}}"""),
        AnyEvents);

    /// <summary>What the simulated Triton is asked.</summary>
    public static string TritonPrompt(int tokens, int milliseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{Question} [[tokens:{tokens}]] [[delay:{milliseconds}]]");

    /// <summary>Embeddings.</summary>
    /// <param name="key">The client's key.</param>
    /// <param name="batch">How many texts.</param>
    /// <param name="format"><c>float</c> or <c>base64</c>.</param>
    public static RawRequest Embeddings(string key, int batch, string format) => Post(
        "/v1/embeddings", key,
        $$"""{"model":"embed","encoding_format":"{{format}}","input":["{{string.Join("\",\"", EmbeddingTexts(batch))}}"]}""",
        0);

    /// <summary>The texts of a batch.</summary>
    public static IEnumerable<string> EmbeddingTexts(int batch) =>
        Enumerable.Range(0, batch).Select(static i => string.Create(CultureInfo.InvariantCulture, $"{i}: {Question}"));

    /// <summary>Any request.</summary>
    public static RawRequest Post(string path, string key, string body, int events) => new(
        Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer {key}\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}")),
        events);

    // The members that the upstream looks for come first: it keeps only the beginning of a request.
    private static string Body(string model, string members, string question) =>
        $$"""{"model":"{{model}}"{{members}},"messages":[{{System}},{{User(question)}}],"temperature":0.7,"max_tokens":100}""";

    private static string User(string text) => $$"""{"role":"user","content":"{{text}}"}""";

    private static string Long(string text, int more)
    {
        var longer = new StringBuilder(text, text.Length + more);
        while (longer.Length < text.Length + more)
        {
            longer.Append(' ').Append(text);
        }

        return longer.ToString(0, text.Length + more);
    }
}
