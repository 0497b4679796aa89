using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;
using AiRouter.TritonSimulator.Recording;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

public sealed class TritonFailureTests
{
    private const string Path = "chat/completions";

    [Fact]
    public async Task R13_one_failed_choice_fails_the_request_and_ends_the_others()
    {
        await using var router = await StartAsync(options: new SimulatorOptions { HangRate = 0.5, ErrorRate = 0.5, FaultSeed = 3 });
        var error = await router.ErrorAsync(Path, Chat("[[say:x]][[tokens:50]][[delay:100]]", "\"n\":8"));

        Assert.Equal(502, error.Status);
        await Task.WhenAll(router.Sent.Select(s => s.Ended)).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        // Those that hung were ended, unless the failure came before they were sent.
        Assert.All(router.Sent, s => Assert.Contains(s.Outcome, (RequestOutcome[])[RequestOutcome.Failed, RequestOutcome.Cancelled]));
    }

    [Fact]
    public async Task R13_choice_that_fails_before_the_first_event_of_a_stream_keeps_its_status()
    {
        await using var router = await StartAsync(options: new SimulatorOptions { HangRate = 0.5, ErrorRate = 0.5, FaultSeed = 3 });
        var error = await router.ErrorAsync(Path, Chat("[[say:x]][[tokens:50]][[delay:1000]]", "\"n\":8, \"stream\":true"));

        Assert.Equal((502, "backend_error"), (error.Status, error.Code));
        await Task.WhenAll(router.Sent.Select(s => s.Ended)).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task R13_choice_that_breaks_off_breaks_the_stream_and_ends_the_others()
    {
        await using var router = await StartAsync();
        var response = await router.RawAsync(
            "completions",
            """{"model":"chat","prompt":["[[tokens:200]][[delay:50]]","[[say:a b c]][[delay:100]][[error-after:2:x]]"],"stream":true}""");

        Assert.Equal(200, response.Status);
        Assert.False(response.IsWhole);
        Assert.DoesNotContain("[DONE]", response.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"finish_reason\":\"", response.Body, StringComparison.Ordinal);
        Assert.EndsWith("\"code\":\"backend_error\"}}\n\n", response.Body, StringComparison.Ordinal);
        await Task.WhenAll(router.Sent.Select(s => s.Ended)).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Contains(router.Sent, s => s.Outcome == RequestOutcome.Cancelled);
    }

    [Fact]
    public async Task Error_before_the_first_token_keeps_its_status_and_tells_nothing_of_the_backend()
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(Path, Chat("[[error:ensemble at 10.1.2.3 burst]]", "\"stream\":true"));

        Assert.Equal((502, "The backend failed to answer.", null, "backend_error"), error);
    }

    [Fact]
    public async Task R40_error_after_the_first_token_is_an_event_and_a_broken_end()
    {
        await using var router = await StartAsync();
        var response = await router.RawAsync(Path, Chat("[[say:one two three]][[error-after:2:burst]]", "\"stream\":true"));

        Assert.Equal(200, response.Status);
        Assert.False(response.IsWhole);
        Golden.Equal("chat-stream-broken.sse", response.Body);
    }

    [Fact]
    public async Task R25_too_long_prompt_is_context_length_exceeded()
    {
        await using var router = await StartAsync(options: new SimulatorOptions { MaxInputTokens = 3 });
        var error = await router.ErrorAsync(Path, Chat("one two three four"));

        Assert.Equal((400, "context_length_exceeded"), (error.Status, error.Code));
    }

    [Fact]
    public async Task Dead_backend_is_502_and_a_backend_that_comes_back_answers()
    {
        await using var router = await StartAsync();
        await router.Triton.KillAsync();
        var error = await router.ErrorAsync(Path, Chat("[[say:x]]", "\"stream\":true"));
        await router.Triton.RestartAsync(TestContext.Current.CancellationToken);

        Assert.Equal((502, "backend_unreachable"), (error.Status, error.Code));
        var answer = await router.JsonAsync(Path, Chat("[[say:back]]"));
        Assert.Equal("back", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Fact]
    public async Task Model_that_the_backend_does_not_have_is_the_operators_problem()
    {
        await using var router = await StartAsync("  lost: { targets: [ { backend: gpu, model: hidden-name } ] }");
        var error = await router.ErrorAsync(Path, Chat("x", model: "lost"));

        Assert.Equal((502, "backend_misconfigured"), (error.Status, error.Code));
        Assert.DoesNotContain("hidden-name", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R22_chat_on_an_embeddings_model_is_unsupported()
    {
        await using var router = await StartAsync();
        var error = await router.ErrorAsync(Path, Chat("x", model: "embed"));

        Assert.Equal((400, "unsupported_operation"), (error.Status, error.Code));
    }

    [Fact]
    public async Task R27_backend_that_is_slow_to_begin_gets_comments_and_then_its_answer()
    {
        await using var router = await StartAsync(server: "commitAfter: 0.1");
        var response = await router.RawAsync(Path, Chat("[[start:1300]][[say:late]]", "\"stream\":true"));

        Assert.StartsWith(": keep-alive\ndata: {", response.Body, StringComparison.Ordinal);
        Assert.Equal("late", Events.Text(Events.Parse(response.Body)));
    }

    [Fact]
    public async Task R27_error_after_the_first_comment_is_an_event()
    {
        await using var router = await StartAsync(server: "commitAfter: 0.1");
        var response = await router.RawAsync(Path, Chat("[[start:1300]][[error:x]]", "\"stream\":true"));

        Assert.Equal(200, response.Status);
        Assert.False(response.IsWhole);
        Assert.Equal(
            ": keep-alive\ndata: {\"error\":{\"message\":\"The backend failed to answer.\",\"type\":\"server_error\",\"param\":null," +
            "\"code\":\"backend_error\"}}\n\n",
            response.Body);
    }
}
