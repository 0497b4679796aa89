using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Api.Draining;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Dialects;

/// <summary>Whole answers of a backend that speaks chat, on their way to clients of other dialects.</summary>
public sealed class TranslatedAnswerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("messages", """{"model":"m","max_tokens":100,"messages":[{"role":"user","content":"What is the answer?"}]}""")]
    [InlineData("responses", """{"model":"m","input":"What is the answer?"}""")]
    public async Task R28_usage_that_the_backend_does_not_tell_is_estimated(string path, string request)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync(Answer("Forty-two, of course.")));
        await using var router = await StartAsync(upstream);

        using var response = await router.PostAsync(path, request);

        var usage = JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!["usage"]!;
        Assert.InRange((int)usage["input_tokens"]!, 1, 50);
        Assert.InRange((int)usage["output_tokens"]!, 1, 50);
        Assert.True((bool)usage["estimated"]!);
    }

    [Fact]
    public async Task Client_that_takes_nothing_of_a_whole_answer_is_left()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync(Answer(new string('x', 24 * 1024 * 1024))));
        await using var router = await StartAsync(upstream, "timeouts: { total: 2 }");
        const string request = """{"model":"m","max_tokens":100,"messages":[{"role":"user","content":"x"}]}""";
        using var client = new TcpClient { ReceiveBufferSize = 16 * 1024 };
        await client.ConnectAsync(router.Root.Host, router.Root.Port, Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {request.Length}\r\n\r\n{request}"), Token);
        await Eventually.HoldsAsync(() => !upstream.Requests.IsEmpty);

        var drain = router.Services.GetRequiredService<Drain>();
        Assert.Equal(1, drain.Running);
        await Eventually.HoldsAsync(() => drain.Running == 0);
    }

    private static string Answer(string text) => new JsonObject
    {
        ["id"] = "c",
        ["object"] = "chat.completion",
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text },
            ["finish_reason"] = "stop",
        }),
    }.ToJsonString();

    private static Task<RunningRouter> StartAsync(ScriptedUpstream upstream, string more = "timeouts: { total: 60 }") => RunningRouter.StartAsync(
        $$"""
        backends: { up: { url: "{{upstream.Url}}", responses: false, {{more}} } }
        models: { m: { targets: [ { backend: up } ] } }
        """);
}
