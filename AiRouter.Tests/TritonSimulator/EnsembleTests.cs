using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator.Recording;

namespace AiRouter.Tests.TritonSimulator;

public sealed class EnsembleTests
{
    [Fact]
    public async Task Stream_sends_deltas_and_the_final_flag_on_the_last_token()
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(Requests.Ensemble("[[say:One, two three.]]").WantingFinal());

        Assert.Equal(["One", ",", " two", " three", "."], responses.Texts());
        Assert.Equal([false, false, false, false, true], responses.Select(response => response.IsFinal()));
        Assert.All(responses, response => Assert.Equal("ensemble", response.InferResponse.ModelName));
        Assert.All(responses, response => Assert.Equal([1, 1], response.InferResponse.Outputs[0].Shape));
    }

    [Fact]
    public async Task Stream_stops_at_max_tokens()
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(Requests.Ensemble("Hello", maxTokens: 3));

        Assert.Equal(["This", " is", " the"], responses.Texts());
        Assert.True(responses[^1].IsFinal());
    }

    [Fact]
    public async Task Default_answer_has_a_few_dozen_tokens()
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(Requests.Ensemble("Hello", maxTokens: 1000));

        Assert.InRange(responses.Count, 20, 40);
    }

    [Theory]
    [InlineData(false, "Hello [[say:World]]World")]
    [InlineData(true, "World")]
    public async Task Without_stream_the_prompt_is_echoed_unless_excluded(bool exclude, string expected)
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(Requests.Ensemble("Hello [[say:World]]", stream: false)
            .Flag("exclude_input_in_output", [1, 1], exclude));

        Assert.Equal([expected], responses.Texts());
        Assert.True(responses[0].IsFinal());
    }

    [Fact]
    public async Task Token_counters_come_only_when_asked_for()
    {
        await using var client = await SimulatorClient.StartAsync();
        var request = Requests.Ensemble("One two [[say:three four]]")
            .Flag("return_num_input_tokens", [1, 1]).Flag("return_num_output_tokens", [1, 1]);

        var plain = await client.StreamAsync(Requests.Ensemble("One two"));
        var counted = await client.StreamAsync(request);

        Assert.Equal(["text_output"], plain[0].InferResponse.Outputs.Select(output => output.Name));
        Assert.Equal([1, 1], counted.Select(response => response.InferResponse.OutputInt32("num_output_tokens")));
        Assert.All(counted, response => Assert.Equal(11, response.InferResponse.OutputInt32("num_input_tokens")));
    }

    [Fact]
    public async Task Stop_words_match_whole_tokens_only_and_stay_in_the_text()
    {
        await using var client = await SimulatorClient.StartAsync();
        const string Prompt = "[[say:one two three four]]";

        var matched = await client.StreamAsync(Requests.Ensemble(Prompt).Text("stop_words", [1, 2], " three", ""));
        var missed = await client.StreamAsync(Requests.Ensemble(Prompt).Text("stop_words", [1, 1], "thr"));

        Assert.Equal("one two three", string.Concat(matched.Texts()));
        Assert.Equal("one two three four", string.Concat(missed.Texts()));
    }

    [Fact]
    public async Task Cancelled_stream_is_noticed_within_one_token()
    {
        await using var client = await SimulatorClient.StartAsync();
        using var call = client.Grpc.ModelStreamInfer(
            deadline: DateTime.UtcNow + SimulatorClient.Deadline, cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(
            Requests.Ensemble("[[tokens:1000]] [[delay:20]]", maxTokens: 1000), TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        call.Dispose();
        var request = await client.Simulator.WaitForRequestAsync(
            cancellationToken: TestContext.Current.CancellationToken);
        await request.Ended.WaitAsync(SimulatorClient.Deadline, TestContext.Current.CancellationToken);

        Assert.Equal(RequestOutcome.Cancelled, request.Outcome);
        Assert.InRange(request.Tokens, 1, 10);
        Assert.NotNull(request.CancelledAt);
        Assert.Equal(1, client.Simulator.Counters("ensemble").Cancelled);
        await Eventually.HoldsAsync(() => client.Simulator.InFlight == 0);
    }
}
