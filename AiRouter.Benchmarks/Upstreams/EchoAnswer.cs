using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AiRouter.TritonSimulator.Models;
using AiRouter.TritonSimulator.Scripts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AiRouter.Benchmarks.Upstreams;

/// <summary>One request to an upstream, and its answer: what was said, counted as the Triton simulator counts.</summary>
internal sealed partial class EchoAnswer
{
    private const int Dimensions = 384;

    private readonly HttpContext _http;
    private readonly JsonObject _request;
    private readonly string _prompt;
    private readonly List<string> _pieces;
    private readonly string _finish;

    private EchoAnswer(HttpContext http, JsonObject request)
    {
        _http = http;
        _request = request;
        _prompt = IsChat ? (string)request["messages"]!.AsArray()[^1]!["content"]! : (string)(request["prompt"] ?? request["input"])!;
        var tokens = Tokenizer.Split(Words().Replace(_prompt, "").Trim());
        var limit = (int?)(request["max_completion_tokens"] ?? request["max_tokens"]) ?? int.MaxValue;
        _pieces = [.. tokens.Take(limit).Select(t => Encoding.UTF8.GetString(t.Span))];
        _finish = tokens.Count < limit ? "stop" : "length";
    }

    /// <summary>The first word of what was said.</summary>
    public string Id => Words().Replace(_prompt, "").Trim().Split(' ')[0];

    /// <summary>The tokens of the answer.</summary>
    public int OutputTokens => IsEmbedding ? 0 : _pieces.Count;

    /// <summary>
    /// Its end has been written, or is just being written: the router may have it all before the writer comes back, or be gone by then.
    /// </summary>
    public bool IsWhole { get; private set; }

    private bool IsChat => _request.ContainsKey("messages");

    private bool IsEmbedding => _request.ContainsKey("input");

    private bool IsStream => (bool?)_request["stream"] is true;

    /// <summary>Reads the request.</summary>
    public static async Task<EchoAnswer> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        var body = await JsonNode.ParseAsync(http.Request.Body, cancellationToken: cancellationToken);
        return new EchoAnswer(http, body!.AsObject());
    }

    /// <summary>Writes it; false: the connection is to be cut.</summary>
    public async Task<bool> WriteAsync(UpstreamFault? fault, bool isWrong, TimeSpan eventDelay, CancellationToken cancellationToken)
    {
        if (isWrong)
        {
            _pieces[^1] = " another";
        }

        switch (fault)
        {
            case UpstreamFault.TooManyUntil:
                _http.Response.Headers.RetryAfter = "1";
                goto case UpstreamFault.TooMany;
            case UpstreamFault.TooMany:
                return await SendAsync(429, "application/json", Error("rate_limit_exceeded"), cancellationToken);
            case UpstreamFault.Error:
                return await SendAsync(500, "application/json", Error("internal"), cancellationToken);
            case UpstreamFault.Overloaded:
                return await SendAsync(503, "text/html", "<html>busy</html>", cancellationToken);
            case UpstreamFault.Reset:
                return false;
            case UpstreamFault.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                return false;
            case UpstreamFault.Page:
                return await SendAsync(200, "text/html", "<html>Welcome</html>", cancellationToken);
            default:
                return IsStream
                    ? await StreamAsync(fault, eventDelay, cancellationToken)
                    : await WholeAsync(fault, cancellationToken);
        }
    }

    private async Task<bool> WholeAsync(UpstreamFault? fault, CancellationToken cancellationToken)
    {
        var json = Whole().ToJsonString();
        switch (fault)
        {
            case UpstreamFault.Garbage:
                return await SendAsync(200, "application/json", "{\"choices\": [oops", cancellationToken);
            case UpstreamFault.InBand:
                return await SendAsync(200, "application/json", Error("internal"), cancellationToken);
            case UpstreamFault.Cut or UpstreamFault.Stall or UpstreamFault.Short:
                _http.Response.ContentType = "application/json";
                _http.Response.ContentLength = fault == UpstreamFault.Short ? null : Encoding.UTF8.GetByteCount(json);
                await _http.Response.WriteAsync(json[..(json.Length / 2)], cancellationToken);
                await _http.Response.Body.FlushAsync(cancellationToken);
                await Task.Delay(fault == UpstreamFault.Stall ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellationToken);
                return fault == UpstreamFault.Short;
            case UpstreamFault.Trickle:
                IsWhole = true;
                await TrickleAsync(json, cancellationToken);
                return true;
            default:
                IsWhole = true;
                return await SendAsync(200, "application/json", json, cancellationToken);
        }
    }

    private async Task<bool> StreamAsync(UpstreamFault? fault, TimeSpan eventDelay, CancellationToken cancellationToken)
    {
        _http.Response.ContentType = "text/event-stream";
        var breaksAt = fault is null or UpstreamFault.Trickle ? int.MaxValue : _pieces.Count / 2;
        for (var i = 0; i < _pieces.Count; i++)
        {
            if (i == breaksAt)
            {
                return await BreakAsync(fault!.Value, cancellationToken);
            }

            if (eventDelay > TimeSpan.Zero)
            {
                await Task.Delay(eventDelay, cancellationToken);
            }

            var line = $"data: {Chunk(_pieces[i], null).ToJsonString()}\n\n";
            await (fault == UpstreamFault.Trickle && i == 0 ? TrickleAsync(line, cancellationToken) : FlushAsync(line, cancellationToken));
        }

        var end = $"data: {Chunk(null, _finish).ToJsonString()}\n\n";
        if ((bool?)_request["stream_options"]?["include_usage"] is true)
        {
            end += $"data: {UsageChunk().ToJsonString()}\n\n";
        }

        IsWhole = true;
        await FlushAsync(end + "data: [DONE]\n\n", cancellationToken);
        return true;
    }

    private async Task<bool> BreakAsync(UpstreamFault fault, CancellationToken cancellationToken)
    {
        switch (fault)
        {
            case UpstreamFault.Garbage:
                await FlushAsync("data: {\"choices\": [oops\n\n", cancellationToken);
                return true;
            case UpstreamFault.InBand:
                await FlushAsync($"data: {Error("internal")}\n\n", cancellationToken);
                return true;
            case UpstreamFault.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                return false;
            default:
                return fault == UpstreamFault.Short;
        }
    }

    private async Task<bool> SendAsync(int status, string type, string body, CancellationToken cancellationToken)
    {
        _http.Response.StatusCode = status;
        _http.Response.ContentType = type;
        _http.Response.ContentLength = Encoding.UTF8.GetByteCount(body);
        await _http.Response.WriteAsync(body, cancellationToken);
        return true;
    }

    private async Task FlushAsync(string text, CancellationToken cancellationToken)
    {
        await _http.Response.WriteAsync(text, cancellationToken);
        await _http.Response.Body.FlushAsync(cancellationToken);
    }

    private async Task TrickleAsync(string text, CancellationToken cancellationToken)
    {
        _http.Response.ContentType ??= "application/json";
        var bytes = Encoding.UTF8.GetBytes(text);
        var single = Math.Min(bytes.Length, 200);
        for (var i = 0; i < single; i++)
        {
            await _http.Response.Body.WriteAsync(bytes.AsMemory(i, 1), cancellationToken);
            await _http.Response.Body.FlushAsync(cancellationToken);
        }

        await _http.Response.Body.WriteAsync(bytes.AsMemory(single), cancellationToken);
        await _http.Response.Body.FlushAsync(cancellationToken);
    }

    private JsonObject Whole()
    {
        if (IsEmbedding)
        {
            var vector = new float[Dimensions];
            TextVector.Fill(vector, Encoding.UTF8.GetBytes(_prompt));
            return new JsonObject
            {
                ["object"] = "list",
                ["data"] = new JsonArray(new JsonObject { ["object"] = "embedding", ["index"] = 0, ["embedding"] = Embedding(vector) }),
                ["model"] = "echo",
                ["usage"] = new JsonObject { ["prompt_tokens"] = Tokenizer.Count(_prompt), ["total_tokens"] = Tokenizer.Count(_prompt) },
            };
        }

        var text = string.Concat(_pieces);
        var choice = new JsonObject { ["index"] = 0, ["finish_reason"] = _finish };
        choice[IsChat ? "message" : "text"] = IsChat ? new JsonObject { ["role"] = "assistant", ["content"] = text } : text;
        var answer = Head(IsChat ? "chat.completion" : "text_completion");
        answer["choices"] = new JsonArray(choice);
        answer["usage"] = Usage();
        return answer;
    }

    private JsonNode Embedding(float[] vector) => (string?)_request["encoding_format"] == "base64"
        ? Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan()))
        : new JsonArray([.. vector.Select(v => (JsonNode)v)]);

    private JsonObject Chunk(string? text, string? finish)
    {
        var choice = new JsonObject { ["index"] = 0, ["finish_reason"] = finish };
        choice[IsChat ? "delta" : "text"] = IsChat
            ? text is null ? new JsonObject() : new JsonObject { ["content"] = text }
            : text ?? "";
        var chunk = Head(IsChat ? "chat.completion.chunk" : "text_completion");
        chunk["choices"] = new JsonArray(choice);
        return chunk;
    }

    private JsonObject UsageChunk()
    {
        var chunk = Head(IsChat ? "chat.completion.chunk" : "text_completion");
        chunk["choices"] = new JsonArray();
        chunk["usage"] = Usage();
        return chunk;
    }

    private JsonObject Head(string kind) => new() { ["id"] = "echo-" + Id, ["object"] = kind, ["created"] = 1, ["model"] = "echo" };

    private JsonObject Usage()
    {
        var prompt = Tokenizer.Count(_prompt);
        return new JsonObject
        {
            ["prompt_tokens"] = prompt,
            ["completion_tokens"] = _pieces.Count,
            ["total_tokens"] = prompt + _pieces.Count,
        };
    }

    private static string Error(string code) =>
        $$$"""{"error":{"message":"on purpose","type":"server_error","param":null,"code":"{{{code}}}"}}""";

    [GeneratedRegex(@"\[\[[^\]]*\]\]")]
    private static partial Regex Words();
}
