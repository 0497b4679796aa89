using System.Globalization;
using System.Net;
using System.Text;
using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;
using AiRouter.Tests.EndToEnd;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Admission;

/// <summary>Reservations and settlements where requests are translated to Triton's protocol.</summary>
public sealed class TritonSettlementTests
{
    private const long Limit = 100_000;
    private const string Models =
        """
          limited: { targets: [ { backend: gpu, model: vllm_model } ], maxTokens: { max: 60 }, limits: { tokensPerMinute: 100000 } }
          counted: { targets: [ { backend: gpu, model: vllm_model } ], maxTokens: { max: 60 }, tokenizer: o200k_base, limits: { tokensPerMinute: 100000 } }
          vectors: { targets: [ { backend: gpu, model: bge } ], operations: [embeddings], limits: { tokensPerMinute: 100000 } }
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prompt_counts_a_token_a_byte_and_exactly_with_a_tokenizer()
    {
        await using var triton = await StartAsync();
        using var bounded = await triton.Router.PostAsync("completions", TritonRouter.Completion("Hello world", "\"max_tokens\":10", "limited"));
        using var counted = await triton.Router.PostAsync("completions", TritonRouter.Completion("Hello world", "\"max_tokens\":10", "counted"));

        Assert.Equal(10 + 11 + 1, Reserved(bounded));
        Assert.InRange(Reserved(counted), 10 + 2, 10 + 3);
    }

    [Fact]
    public async Task Choices_and_prompts_multiply_and_the_standard_limit_is_the_most()
    {
        await using var triton = await StartAsync();
        using var choices = await triton.Router.PostAsync(
            "completions", """{"model":"limited","prompt":["ab","cd"],"max_tokens":10,"n":3}""");
        using var standard = await triton.Router.PostAsync("completions", TritonRouter.Completion("ab", model: "counted"));

        Assert.Equal((10 * 6) + 3 + 3, Reserved(choices));
        Assert.InRange(Reserved(standard), 60 + 1, 60 + 2);
    }

    [Fact]
    public async Task Embeddings_have_input_only_and_are_settled()
    {
        await using var triton = await StartAsync();
        using var response = await triton.Router.PostAsync("embeddings", """{"model":"vectors","input":["abcd","ef"]}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(4 + 2 + 2 + 2, Reserved(response));
        await Eventually.HoldsAsync(async () => await TokensAsync(triton, "vectors") is > 0 and < 10);
    }

    [Fact]
    public async Task Client_that_leaves_a_stream_pays_for_what_was_generated_and_the_generation_is_cancelled()
    {
        await using var triton = await StartAsync();
        using (var response = await StreamAsync(triton, "[[hang-after:7]]"))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
            for (var pieces = 0; pieces < 7;)
            {
                var line = (await reader.ReadLineAsync(Token))!;
                pieces += line.Contains("\"content\":\"", StringComparison.Ordinal) && !line.Contains("\"content\":\"\"", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        var sent = Assert.Single(triton.Sent, r => r.ModelName == "vllm_model");
        await sent.Ended.WaitAsync(Token);
        Assert.Equal(AiRouter.TritonSimulator.Recording.RequestOutcome.Cancelled, sent.Outcome);
        await Eventually.HoldsAsync(async () => await TokensAsync(triton, "limited") < 50);
        // A prompt of as many tokens.
        using var same = await triton.Router.PostAsync("chat/completions", TritonRouter.Chat("[[tokens:7]] as long", "\"max_tokens\":1", "vllm"));
        var input = System.Text.Json.JsonDocument.Parse(await same.Content.ReadAsStringAsync(Token)).RootElement
            .GetProperty("usage").GetProperty("prompt_tokens").GetInt32();
        Assert.Equal(input + sent.Tokens, await TokensAsync(triton, "limited"));
    }

    [Theory]
    [InlineData("[[error]]")]
    [InlineData("[[status:UNAVAILABLE]]")]
    public async Task Failure_before_the_first_token_costs_no_tokens(string prompt)
    {
        await using var triton = await StartAsync();
        using var response = await triton.Router.PostAsync("chat/completions", TritonRouter.Chat(prompt, "\"max_tokens\":50", "limited"));

        Assert.False(response.IsSuccessStatusCode);
        await Eventually.HoldsAsync(async () => await TokensAsync(triton, "limited") == 0);
    }

    [Fact]
    public async Task Backend_that_dies_in_the_stream_is_paid_for_what_came()
    {
        await using var triton = await StartAsync();
        using var response = await StreamAsync(triton, "[[error-after:9]]");
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync(Token));

        await Eventually.HoldsAsync(async () => await TokensAsync(triton, "limited") is >= 9 and < 50);
    }

    private static Task<HttpResponseMessage> StreamAsync(TritonRouter triton, string prompt) => triton.Router.Http.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "chat/completions")
        {
            Content = new StringContent(
                TritonRouter.Chat(prompt, "\"stream\":true,\"max_tokens\":50", "limited"), Encoding.UTF8, "application/json"),
        },
        HttpCompletionOption.ResponseHeadersRead,
        Token);

    private static Task<TritonRouter> StartAsync() => TritonRouter.StartAsync(Models, configure: services =>
        services.AddSingleton(TimeProvider.System));

    private static async Task<long> TokensAsync(TritonRouter triton, string model)
    {
        var subject = new LimitSubject("model:" + model, new LimitsConfig { TokensPerMinute = Limit }, null);
        var ledger = triton.Router.Services.GetRequiredService<ILimitLedger>();
        return (await ledger.ReadAsync([subject], Token))[0].Tokens;
    }

    private static long Reserved(HttpResponseMessage response) => Limit - long.Parse(
        response.Headers.GetValues("x-ratelimit-remaining-tokens").Single(), CultureInfo.InvariantCulture);
}
