using System.Net;
using AiRouter.Api.Requests;
using AiRouter.Tests.Backends.Triton.Transcriptions.Audio;
using AiRouter.TritonSimulator.Recording;
using Microsoft.Extensions.DependencyInjection;
using static AiRouter.Tests.EndToEnd.TritonTranscriber;

namespace AiRouter.Tests.EndToEnd;

/// <summary>Failures, limits and clients that go, for sound as for anything else.</summary>
public sealed class TritonTranscriptionLimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("[[error:out of memory]]", 502, "bad_gateway")]
    [InlineData("[[error:Prompt length (9) exceeds maximum input length (5)]]", 400, "context_length_exceeded")]
    [InlineData("[[malformed]]", 502, "bad_gateway")]
    public async Task Failures_of_the_model_are_those_of_other_operations(string prompt, int status, string code)
    {
        await using var router = await StartAsync();
        var error = await ErrorAsync(router, Transcriptions, Tone, ("prompt", prompt));
        var chat = await router.ErrorAsync("chat/completions", TritonRouter.Chat(prompt));

        Assert.Equal((chat.Status, chat.Code), (error.Status, error.Code));
        Assert.Equal(status, error.Status);
        Assert.True(status != 400 || error.Code == code, error.Code);
    }

    [Fact]
    public async Task R32_sound_counts_by_its_fixed_figure()
    {
        await using var router = await StartAsync(models:
            """
              counted: { operations: [ transcriptions ], targets: [ { backend: gpu, model: whisper_bls } ], limits: { tokensPerMinute: 300 } }
            limits: { audioTokens: 100 }
            """);
        var first = await PostAsync(router, Transcriptions, Tone, ("model", "counted"));
        var second = await ErrorAsync(router, Transcriptions, Tone, ("model", "counted"));

        // The sound, the text that comes of it, and the field model.
        Assert.Equal((HttpStatusCode.OK, "93"), (first.Status, first.Remaining));
        Assert.Equal((429, "rate_limit_exceeded"), (second.Status, second.Code));
        Assert.Single(router.Sent);
    }

    [Fact]
    public async Task R31_sound_takes_its_memory_from_the_budget_of_bodies()
    {
        await using var router = await StartAsync();
        var budget = router.Router.Services.GetRequiredService<BodyBudget>();
        const long Most = 1024L * 1024 * 1024;
        Assert.True(budget.TryTake(Most - (4 * 1024 * 1024), Most));
        var refused = await ErrorAsync(router, Transcriptions, Tone);
        budget.Return(4 * 1024 * 1024);
        var narrow = await PostAsync(router, Transcriptions, Waves.File(Waves.Sine(440, 95)), ("response_format", "text"));

        Assert.Equal(503, refused.Status);
        Assert.Equal(HttpStatusCode.OK, narrow.Status);
        Assert.Equal(Most - (8 * 1024 * 1024), budget.Used);
    }

    [Fact]
    public async Task Client_that_goes_leaves_nothing_running()
    {
        await using var router = await StartAsync();
        using var going = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var asked = PostAsync(router, Transcriptions, Tone, going.Token, ("prompt", "[[hang]]"));
        while (router.Sent.Count == 0)
        {
            await Task.Delay(10, Token);
        }

        var request = router.Sent[0];
        await going.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        await request.Ended.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.Equal(RequestOutcome.Cancelled, request.Outcome);
    }
}
