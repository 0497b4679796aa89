using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton;
using AiRouter.Triton.Models;

namespace AiRouter.Tests.Triton;

public sealed class GenerationTests
{
    [Fact]
    public async Task Ensemble_streams_text_counters_and_finish_reason()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble, platform: "ensemble"));
        triton.Answer(
            Responses.New().WithText("Hello").WithInt32("num_input_tokens", 3).WithInt32("num_output_tokens", 1).Build(),
            Responses.New().WithText(" you").WithInt32("num_input_tokens", 3).WithInt32("num_output_tokens", 1).Build(),
            Responses.Final());

        var answer = await triton.RunAsync();

        Assert.Null(answer.Generation.Failure);
        Assert.Equal(["Hello", " you"], answer.Pieces);
        Assert.Equal(3, answer.Generation.InputTokens);
        Assert.Equal(2, answer.Generation.OutputTokens);
        Assert.True(answer.Generation.IsOutputCounted);
        Assert.Equal(FinishReason.Stop, answer.Generation.FinishReason);
    }

    [Fact]
    public async Task Nothing_is_sent_before_the_first_read()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        triton.Answer(Responses.Text("x", isFinal: true));

        await using var generation = await triton.GenerateAsync();
        Assert.Empty(triton.Server.Requests);

        Assert.True(await generation.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Single(triton.Server.Requests);
    }

    [Fact]
    public async Task Model_is_of_the_family_that_its_inputs_show()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));

        var model = await triton.Client.GetModelAsync("m", TestContext.Current.CancellationToken);

        Assert.Equal(ModelKind.TensorRtLlm, model.Kind);
        Assert.True(model.Supports(GenerationParameter.TopK));
        Assert.False(model.Supports(GenerationParameter.LogitBias));
    }

    [Fact]
    public async Task Streaming_refused_falls_back_to_one_piece_and_is_remembered()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble, platform: "ensemble"));
        triton.Server.OnInfer = (request, stream) => stream.WriteAsync(new SentRequest(request).Has("stream")
            ? Responses.Error("Streaming is only supported if model is deployed using decoupled mode.")
            : Responses.Text("whole", isFinal: true));

        var first = await triton.RunAsync();
        var second = await triton.RunAsync();

        Assert.Equal(["whole"], first.Pieces);
        Assert.Equal(["whole"], second.Pieces);
        Assert.False(first.Generation.IsStreaming);
        var streams = triton.Server.Requests.Select(request => new SentRequest(request).Has("stream"));
        Assert.Equal([true, false, false], streams);
    }

    [Fact]
    public async Task Changed_contract_is_read_again_and_the_request_repeated_once()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        await using var generation = await triton.GenerateAsync(TritonHarness.Request with { MinTokens = 2 });
        triton.Server.Models["m"] = Configs.Parse(
            Configs.Ensemble.Replace("min_tokens", "min_length", StringComparison.Ordinal), maxBatchSize: 0);
        triton.Server.OnInfer = (request, stream) => stream.WriteAsync(new SentRequest(request).Has("min_tokens")
            ? Responses.Error("unexpected inference input 'min_tokens' for model 'm'")
            : Responses.Text("ok", isFinal: true));

        var answer = await Answer.ReadAsync(generation);

        Assert.Null(answer.Generation.Failure);
        Assert.Equal("ok", answer.Text);
        Assert.Equal(2, new SentRequest(triton.Server.Requests.Last())["min_length"]);
        Assert.Equal([1L], new SentRequest(triton.Server.Requests.Last()).Shape("min_length"));
    }

    [Fact]
    public async Task Contract_mismatch_that_stays_is_a_failure_after_one_repetition()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        triton.Answer(Responses.Error("unexpected inference input 'seed' for model 'm'"));

        var answer = await triton.RunAsync();

        Assert.Equal(TritonFailureKind.ContractMismatch, answer.Generation.Failure?.Kind);
        Assert.Equal(2, triton.Server.Requests.Count);
        Assert.Equal(2, triton.Server.ConfigReads);
    }

    [Fact]
    public async Task Parameter_that_the_changed_model_no_longer_takes_is_named()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        await using var generation = await triton.GenerateAsync(TritonHarness.Request with { MinTokens = 2 });
        triton.Server.Models["m"] = Configs.Parse(Configs.Generic);
        triton.Answer(Responses.Error("unexpected inference input 'min_tokens' for model 'm'"));

        var answer = await Answer.ReadAsync(generation);

        Assert.Equal(TritonFailureKind.Unsupported, answer.Generation.Failure?.Kind);
        Assert.Equal(GenerationParameter.MinTokens, answer.Generation.Failure?.Parameter);
    }

    [Fact]
    public async Task Error_after_text_is_a_failure_without_finish_reason_and_is_not_repeated()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        triton.Answer(Responses.Text("a"), Responses.Error("unexpected inference input 'x' for model 'm'"));

        var answer = await triton.RunAsync();

        Assert.Equal(["a"], answer.Pieces);
        Assert.Equal(TritonFailureKind.ContractMismatch, answer.Generation.Failure?.Kind);
        Assert.Null(answer.Generation.FinishReason);
        Assert.Single(triton.Server.Requests);
    }

    [Fact]
    public async Task Text_beside_an_error_is_no_text()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.VllmModel);
        var message = Responses.Text("N/A", isFinal: true);
        message.ErrorMessage = "Error generating stream: boom";
        triton.Answer(message);

        var answer = await triton.RunAsync();

        Assert.Empty(answer.Text);
        Assert.Equal(TritonFailureKind.Unclassified, answer.Generation.Failure?.Kind);
        Assert.Equal("Error generating stream: boom", answer.Generation.Failure?.Detail);
    }

    [Fact]
    public async Task Stream_that_ends_without_its_final_response_is_a_reset()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        triton.Answer(Responses.Text("a"));
        Assert.Equal(TritonFailureKind.Reset, (await triton.RunAsync()).Generation.Failure?.Kind);

        triton.Answer();
        Assert.Equal(TritonFailureKind.Reset, (await triton.RunAsync()).Generation.Failure?.Kind);
    }

    [Fact]
    public async Task Server_that_marks_no_final_responses_may_just_end()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        triton.Answer(
            Responses.New().WithText("a").Build(isFinal: null), Responses.New().WithText("b").Build(isFinal: null));

        var answer = await triton.RunAsync();

        Assert.Null(answer.Generation.Failure);
        Assert.Equal("ab", answer.Text);
        Assert.Equal(FinishReason.Stop, answer.Generation.FinishReason);
    }

    [Theory]
    [InlineData(new byte[] { 0x12, 0x05, 0x00 })]
    [InlineData(new byte[] { 0xFF })]
    public async Task Message_that_is_not_protobuf_is_malformed(byte[] message)
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        triton.Server.OnInfer = (_, stream) => stream.WriteRawAsync(message);

        Assert.Equal(TritonFailureKind.Malformed, (await triton.RunAsync()).Generation.Failure?.Kind);
    }

    [Theory]
    [InlineData("text_output", "BYTES", new byte[] { 9, 0, 0, 0 })]
    [InlineData("text_output", "INT32", new byte[] { 9, 0, 0, 0 })]
    [InlineData("num_output_tokens", "INT32", new byte[] { 1 })]
    [InlineData("num_output_tokens", "INT32", new byte[] { 255, 255, 255, 255 })]
    [InlineData("num_input_tokens", "FP32", new byte[] { 0, 0, 0, 0 })]
    public async Task Malformed_tensor_is_a_failure(string name, string type, byte[] raw)
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        triton.Answer(Responses.New().With(name, type, [1, 1], raw).Build(isFinal: true));

        Assert.Equal(TritonFailureKind.Malformed, (await triton.RunAsync()).Generation.Failure?.Kind);
    }

    [Fact]
    public async Task Required_input_that_is_unknown_is_refused_before_anything_is_sent()
    {
        await using var triton = await TritonHarness.StartAsync(
            Configs.Parse(Configs.Ensemble + "\ni mystery INT32 1 REQ"));

        var answer = await triton.RunAsync();

        Assert.Equal(TritonFailureKind.ContractMismatch, answer.Generation.Failure?.Kind);
        Assert.Contains("mystery", answer.Generation.Failure!.Detail, StringComparison.Ordinal);
        Assert.Empty(triton.Server.Requests);
    }

    [Theory]
    [InlineData(GenerationParameter.Temperature)]
    [InlineData(GenerationParameter.TopP)]
    [InlineData(GenerationParameter.MinTokens)]
    [InlineData(GenerationParameter.Stop)]
    public async Task Value_out_of_range_is_refused_and_named(GenerationParameter parameter)
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        var request = TritonHarness.Request;
        request = parameter switch
        {
            GenerationParameter.Temperature => request with { Temperature = double.NaN },
            GenerationParameter.TopP => request with { TopP = 1.5 },
            GenerationParameter.MinTokens => request with { MinTokens = 17 },
            _ => request with { Stop = [""] },
        };

        var answer = await triton.RunAsync(request);

        Assert.Equal(TritonFailureKind.InvalidRequest, answer.Generation.Failure?.Kind);
        Assert.Equal(parameter, answer.Generation.Failure?.Parameter);
        Assert.Empty(triton.Server.Requests);
    }

    [Fact]
    public async Task Token_of_one_read_ends_the_call()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        var cancelled = new TaskCompletionSource();
        triton.Server.OnInfer = async (_, stream) =>
        {
            await stream.WriteAsync(Responses.Text("a"));
            await stream.WaitForCancelAsync();
            cancelled.SetResult();
        };
        using var source = new CancellationTokenSource();
        await using var generation = await triton.GenerateAsync();
        Assert.True(await generation.ReadAsync(source.Token));

        var read = generation.ReadAsync(source.Token);
        await source.CancelAsync();

        Assert.False(await read);
        Assert.Equal(TritonFailureKind.Cancelled, generation.Failure?.Kind);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Disposing_cancels_what_still_runs()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.Parse(Configs.Ensemble));
        var cancelled = new TaskCompletionSource();
        triton.Server.OnInfer = async (_, stream) =>
        {
            await stream.WriteAsync(Responses.Text("a"));
            await stream.WaitForCancelAsync();
            cancelled.SetResult();
        };
        var generation = await triton.GenerateAsync();
        Assert.True(await generation.ReadAsync(TestContext.Current.CancellationToken));

        await generation.DisposeAsync();

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Vllm_log_probabilities_are_read_with_the_alternatives_asked_for()
    {
        await using var triton = await TritonHarness.StartAsync(Configs.VllmModel);
        triton.Answer(Responses.New().WithText("Hi").WithText(
            """
            [{"7": {"logprob": -1.5, "rank": 3, "decoded_token": "Hi"},
              "8": {"logprob": -0.1, "rank": 1, "decoded_token": "Ho"},
              "9": {"logprob": -0.9, "rank": 2, "decoded_token": "He"}}]
            """,
            "logprobs").Build(isFinal: true));
        await using var generation = await triton.GenerateAsync(
            TritonHarness.Request with { LogProbs = true, TopLogProbs = 2 });

        Assert.True(await generation.ReadAsync(TestContext.Current.CancellationToken));

        var token = Assert.Single(generation.LogProbs!);
        Assert.Equal(("Hi", -1.5), (token.Token, token.LogProb));
        Assert.Equal([new TokenAlternative("Ho", -0.1), new TokenAlternative("He", -0.9)], token.Top);
        var sent = SentRequest.Single(triton);
        Assert.Equal(true, sent["return_logprobs"]);
        Assert.Contains("\"logprobs\":2", (string)sent["sampling_parameters"]!, StringComparison.Ordinal);
    }
}
