using System.Text.Json;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.EndToEnd;

/// <summary>The whole way to a gRPC server that shares no code with the router: another gRPC, another language, strict inputs.</summary>
public sealed class CCoreTritonTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chat_streams_from_a_foreign_grpc_server()
    {
        await using var triton = await CCoreTriton.StartAsync(Token);
        await using var router = await StartAsync(triton);

        using var response = await router.PostAsync("chat/completions", Chat("say one two three", """, "stream": true"""));
        var events = await response.Content.ReadAsStringAsync(Token);

        Assert.Equal("one two three", Text(events).Trim());
        Assert.EndsWith("data: [DONE]\n\n", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_parameter_is_taken_by_strict_inputs()
    {
        await using var triton = await CCoreTriton.StartAsync(Token);
        await using var router = await StartAsync(triton);

        using var response = await router.PostAsync("chat/completions", Chat(
            "say one two three",
            """
            , "max_tokens": 2, "temperature": 0.5, "top_p": 0.9, "top_k": 20, "seed": 7, "stop": ["zzz", "yyy"],
            "frequency_penalty": 0.1, "presence_penalty": 0.2, "repetition_penalty": 1.1, "min_tokens": 1, "n": 2
            """));
        var body = await response.Content.ReadAsStringAsync(Token);

        Assert.True(response.IsSuccessStatusCode, body);
        var choices = JsonDocument.Parse(body).RootElement.GetProperty("choices");
        Assert.Equal(2, choices.GetArrayLength());
        Assert.All(choices.EnumerateArray(), c => Assert.Equal("length", c.GetProperty("finish_reason").GetString()));
    }

    [Fact]
    public async Task Failure_of_a_foreign_server_is_an_openai_error()
    {
        await using var triton = await CCoreTriton.StartAsync(Token);
        await using var router = await StartAsync(triton);

        using var response = await router.PostAsync("chat/completions", Chat("fail"));
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("error");

        Assert.True((int)response.StatusCode >= 500);
        Assert.Equal("server_error", error.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Embeddings_come_from_a_foreign_grpc_server()
    {
        await using var triton = await CCoreTriton.StartAsync(Token);
        await using var router = await StartAsync(triton);

        using var response = await router.PostAsync("embeddings", """{"model":"embed","input":["a","b"]}""");
        var body = await response.Content.ReadAsStringAsync(Token);

        Assert.True(response.IsSuccessStatusCode, body);
        Assert.All(
            JsonDocument.Parse(body).RootElement.GetProperty("data").EnumerateArray(),
            e => Assert.Equal(8, e.GetProperty("embedding").GetArrayLength()));
    }

    private static Task<RunningRouter> StartAsync(CCoreTriton triton) => RunningRouter.StartAsync(
        $$"""
        backends: { gpu: { kind: triton, url: "{{triton.Address}}" } }
        models:
          chat: { targets: [ { backend: gpu, model: ensemble } ] }
          embed: { targets: [ { backend: gpu } ] }
        """);

    // The prompt format puts "ASSISTANT:" behind the message, on a line of its own.
    private static string Chat(string content, string members = "") =>
        $$"""{"model":"chat","messages":[{"role":"user","content":"{{content}}"}]{{members}}}""";

    private static string Text(string events) => string.Concat(events.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .Select(e => e["data: ".Length..]).Where(d => d != "[DONE]")
        .SelectMany(d => JsonDocument.Parse(d).RootElement.GetProperty("choices").EnumerateArray())
        .Select(c => c.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""));
}
