using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.Dialects.Messages;

/// <summary>The input's tokens in the first event of a translated stream, where a tokenizer knows them.</summary>
public sealed class MessageStartTests
{
    private const string Ask =
        """{"model":"public-model","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"one two three"}]}""";

    private const string Chunk =
        """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"backend-model","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":"stop"}]}""" + "\n\n";

    [Theory]
    [InlineData("cl100k_base", 3)]
    [InlineData(null, 0)]
    public async Task Input_is_told_at_the_beginning_where_it_is_counted(string? tokenizer, int tokens)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.EventsAsync(Chunk, "data: [DONE]\n\n"));
        await using var router = await RunningRouter.StartAsync(
            upstream, model: m => m with { Tokenizer = tokenizer, PromptFormat = tokenizer is null ? m.PromptFormat : "none" });

        var answer = await RawHttp.PostAsync(router.Root, "/v1/messages", Ask);

        Assert.Contains($"\"usage\":{{\"input_tokens\":{tokens},\"output_tokens\":0}}}}", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Input_is_told_at_the_beginning_by_Triton_too()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var router = await RunningRouter.StartAsync(
            $$"""
            backends: { gpu: { kind: triton, url: "{{triton.Address}}" } }
            models: { public-model: { targets: [ { backend: gpu, model: ensemble } ], tokenizer: cl100k_base, promptFormat: none } }
            """);

        var answer = await RawHttp.PostAsync(router.Root, "/v1/messages", Ask);

        Assert.Contains("\"usage\":{\"input_tokens\":3,\"output_tokens\":0}}", answer.Body, StringComparison.Ordinal);
    }
}
