using System.Net;
using System.Text.Json.Nodes;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.EndToEnd;

/// <summary>Tokens that the router counts itself, for clients that only ask how many there are.</summary>
public sealed class TokenCountTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("triton", "messages/count_tokens", "messages")]
    [InlineData("triton", "responses/input_tokens", "input")]
    [InlineData("chat", "messages/count_tokens", "messages")]
    [InlineData("chat", "responses/input_tokens", "input")]
    public async Task What_does_not_fit_is_counted_all_the_same_and_counts_as_a_request(string backend, string path, string member)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Token);
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}"));
        await using var router = await RunningRouter.StartAsync(
            $$"""
            backends:
              triton: { kind: triton, url: "{{triton.Address}}" }
              chat: { url: "{{upstream.Url}}", responses: false }
            models:
              m:
                targets: [ { backend: {{backend}}, model: ensemble } ]
                tokenizer: cl100k_base
                promptFormat: none
                contextLength: 8
                limits: { requestsPerMinute: 1 }
            """);
        var words = string.Join(' ', Enumerable.Repeat("word", 50));
        var request = $$"""{"model":"m","{{member}}":[{"role":"user","content":"{{words}}"}]}""";

        using var first = await router.PostAsync(path, request);
        using var second = await router.PostAsync(path, request);

        var body = await first.Content.ReadAsStringAsync(Token);
        Assert.True(first.StatusCode == HttpStatusCode.OK, body);
        Assert.InRange((int)JsonNode.Parse(body)!["input_tokens"]!, 50, 60);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Empty(upstream.Requests);
    }
}
