using System.Diagnostics;
using System.Text;
using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator;
using AiRouter.TritonSimulator.Recording;
using Grpc.Core;

namespace AiRouter.Tests.TritonSimulator;

/// <summary>Faults on demand, and what steers them.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task Error_comes_inside_the_stream_and_is_final()
    {
        await using var client = await SimulatorClient.StartAsync();

        var before = await client.StreamAsync(Requests.Ensemble("[[error:Exceeds maximum queue size]]"));
        var after = await client.StreamAsync(Requests.Ensemble("[[error-after:2:out of memory]]"));

        Assert.Equal("Exceeds maximum queue size", Assert.Single(before).ErrorMessage);
        Assert.True(before[0].IsFinal());
        Assert.Equal(["", "", "out of memory"], after.Select(response => response.ErrorMessage));
        Assert.Equal([false, false, true], after.Select(response => response.IsFinal()));
    }

    [Fact]
    public async Task Error_after_the_last_token_takes_its_final_flag()
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(Requests.Ensemble("[[say:a b]] [[error-after:9:late]]"));

        Assert.Equal([false, false, true], responses.Select(response => response.IsFinal()));
        Assert.Equal("late", responses[^1].ErrorMessage);
    }

    [Fact]
    public async Task Error_is_a_status_for_a_client_that_asks_for_statuses()
    {
        await using var client = await SimulatorClient.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => client.StreamAsync(
            Requests.Ensemble("[[error:broken]]"), new Metadata { { "triton_grpc_error", "true" } }));

        Assert.Equal((StatusCode.Internal, "broken"), (error.StatusCode, error.Status.Detail));
    }

    [Theory]
    [InlineData("[[reset-after:2]]")]
    [InlineData("[[drop-after:2]]")]
    public async Task Broken_transport_ends_the_stream_after_the_tokens_before_it(string prompt)
    {
        await using var client = await SimulatorClient.StartAsync();
        using var call = await OpenAsync(client, Requests.Ensemble(prompt + " [[delay:20]]"));
        var tokens = 0;

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (var response in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            {
                tokens++;
            }
        });

        Assert.Contains(error.StatusCode, (StatusCode[])[StatusCode.Unavailable, StatusCode.Internal, StatusCode.Cancelled]);
        Assert.InRange(tokens, 0, 2);
        Assert.Equal(2, client.Simulator.Requests.Single().Tokens);
        Assert.Equal(["One"], (await client.StreamAsync(Requests.Ensemble("[[say:One]]"))).Texts());
    }

    [Fact]
    public async Task Status_ends_the_rpc_with_that_status()
    {
        await using var client = await SimulatorClient.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(
            () => client.StreamAsync(Requests.Ensemble("[[status-after:1:RESOURCE_EXHAUSTED]]")));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task Close_ends_the_rpc_without_a_final_response()
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(Requests.Ensemble("[[close-after:2]]"));

        Assert.Equal([false, false], responses.Select(response => response.IsFinal()));
    }

    [Fact]
    public async Task Hang_sends_nothing_more_until_the_client_cancels()
    {
        await using var client = await SimulatorClient.StartAsync();
        using (var call = await OpenAsync(client, Requests.Ensemble("[[hang-after:1]]")))
        {
            Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        }

        var request = await client.Simulator.WaitForRequestAsync(cancellationToken: TestContext.Current.CancellationToken);
        await request.Ended.WaitAsync(SimulatorClient.Deadline, TestContext.Current.CancellationToken);

        Assert.Equal((RequestOutcome.Cancelled, 1), (request.Outcome, request.Tokens));
    }

    [Fact]
    public async Task Malformed_tensor_is_shorter_than_it_says()
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(Requests.Ensemble("[[malformed-after:1]]"));

        Assert.Equal([0xFF, 0, 0, 0, (byte)'x'], responses[1].InferResponse.Output("text_output")!);
    }

    [Fact]
    public async Task Huge_token_has_the_size_asked_for()
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(Requests.Ensemble("[[huge:5]]"));

        Assert.Equal(5 * 1024 * 1024 + 4, Assert.Single(responses).InferResponse.Output("text_output")!.Length);
    }

    [Fact]
    public async Task Delays_hold_up_start_and_tokens()
    {
        await using var client = await SimulatorClient.StartAsync();
        var watch = Stopwatch.StartNew();

        await client.StreamAsync(Requests.Ensemble("[[say:a b]] [[start:60]] [[delay:40]]"));

        Assert.True(watch.ElapsedMilliseconds >= 130, $"It took {watch.ElapsedMilliseconds} ms.");
    }

    [Fact]
    public async Task Split_sends_the_bytes_of_a_character_one_by_one()
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(Requests.Ensemble("[[split]] [[say:aé€]]"));

        Assert.Equal(6, responses.Count);
        Assert.Equal("aé€", Encoding.UTF8.GetString(
            [.. responses.SelectMany(response => response.InferResponse.Output("text_output")!.Skip(4))]));
        Assert.Equal([0xC3], responses[1].InferResponse.Output("text_output")!.Skip(4));
    }

    [Fact]
    public async Task Fffd_shows_half_characters_that_cumulative_text_repairs()
    {
        await using var client = await SimulatorClient.StartAsync();
        var request = Requests.For("tensorrt_llm").Text("text_input", [1], "[[fffd]] [[say:aé!]]").Flag("streaming", [1]);

        var cumulative = await client.StreamAsync(request);
        var deltas = await client.StreamAsync(Requests.Ensemble("[[fffd]] [[say:aé!]]"));

        Assert.Equal(["a", "a\uFFFD", "aé", "aé!"], cumulative.Texts());
        Assert.Equal(["a", "\uFFFD", "\uFFFD", "!"], deltas.Texts());
    }

    [Theory]
    [InlineData("[[say:one]] [[lose-spaces]] [[say: two three]]", "two|three")]
    [InlineData("[[empties]][[say:a b]]", "|a|| b")]
    [InlineData("[[json:{\"a\":[[1]],\"b\":\"]]\"}]]", "{|\"|a|\"|:|[|[|1|]|]|,|\"|b|\"|:|\"|]|]|\"|}")]
    [InlineData("[[say:[x]]]", "[|x|]")]
    [InlineData("[[say:a\\nb]]", "a|\n|b")]
    [InlineData("[[unknown]] word [[echo]]", "[|[|unknown|]|]| word")]
    public async Task Words_in_brackets_steer_the_answer(string prompt, string expected)
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(Requests.Ensemble(prompt));

        Assert.Equal(expected.Split('|'), responses.Texts());
    }

    [Theory]
    [InlineData("System: [[say:no]]\nUser: [[error]]\nASSISTANT: [[say:no]]\nUser: Hello [[say:yes]]\nASSISTANT:", "yes")]
    [InlineData("<|im_start|>user\n[[say:no]]<|im_end|>\n<|im_start|>user\nHi [[echo]]<|im_end|>\n<|im_start|>assistant\n", "Hi")]
    [InlineData("<|start_header_id|>user<|end_header_id|>\n\n[[say:<|eot_id|>]]<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n", "<|eot_id|>")]
    [InlineData("[INST] [[say:no]] [/INST] fine</s>[INST] What? [[echo]] [/INST]", "What?")]
    [InlineData("User: [[say:stop here\nUser: never]]\nASSISTANT:", "stop here\nUser: never")]
    public async Task Only_the_last_message_of_the_user_counts(string prompt, string expected)
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(Requests.Ensemble(prompt));

        Assert.Equal(expected, string.Concat(responses.Texts()));
    }

    [Fact]
    public async Task Rates_draw_faults_in_the_same_order_for_the_same_seed()
    {
        var options = new SimulatorOptions { ErrorRate = 0.5, FaultSeed = 7 };
        await using var first = await SimulatorClient.StartAsync(options);
        await using var second = await SimulatorClient.StartAsync(options);

        var (one, two) = (new List<bool>(), new List<bool>());
        for (var i = 0; i < 20; i++)
        {
            one.Add((await first.StreamAsync(Requests.Ensemble("x", 1)))[0].ErrorMessage.Length > 0);
            two.Add((await second.StreamAsync(Requests.Ensemble("x", 1)))[0].ErrorMessage.Length > 0);
        }

        Assert.Equal(one, two);
        Assert.Contains(true, one);
        Assert.Contains(false, one);
    }

    [Fact]
    public async Task Too_long_a_prompt_gets_the_words_of_the_engine()
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { MaxInputTokens = 3 });

        var ensemble = await client.ErrorAsync(Requests.Ensemble("one two three four"));
        var vllm = await client.ErrorAsync(Requests.Vllm("one two three four"));

        Assert.Contains("Prompt length (4) exceeds maximum input length (3)", ensemble, StringComparison.Ordinal);
        Assert.Contains("The decoder prompt (length 4) is longer than the maximum model length of 3", vllm, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_requests_share_one_stream()
    {
        await using var client = await SimulatorClient.StartAsync();
        using var call = client.Grpc.ModelStreamInfer(
            deadline: DateTime.UtcNow + SimulatorClient.Deadline, cancellationToken: TestContext.Current.CancellationToken);
        foreach (var id in (string[])["a", "b", "c"])
        {
            var request = Requests.Ensemble("[[say:one two three]] [[delay:2]]");
            request.Id = id;
            await call.RequestStream.WriteAsync(request, TestContext.Current.CancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        var responses = new List<ModelStreamInferResponse>();
        await foreach (var response in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            responses.Add(response);
        }

        Assert.All(
            responses.GroupBy(response => response.InferResponse.Id),
            answer => Assert.Equal("one two three", string.Concat(answer.Texts())));
        Assert.Equal(9, responses.Count);
    }

    [Fact]
    public async Task Killed_server_comes_back_on_its_port()
    {
        await using var client = await SimulatorClient.StartAsync();
        using var call = await OpenAsync(client, Requests.Ensemble("[[hang-after:1]]"));
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        var address = client.Simulator.Address;

        await client.Simulator.KillAsync();
        await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        await Assert.ThrowsAsync<RpcException>(() => client.StreamAsync(Requests.Ensemble("x")));
        await client.Simulator.RestartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(address, client.Simulator.Address);
        Assert.Equal(["One"], await AnswerWhenBackAsync(client));
    }

    [Fact]
    public async Task Goaway_lets_requests_in_flight_end_and_moves_new_ones_to_a_new_connection()
    {
        await using var client = await SimulatorClient.StartAsync();
        using var call = await OpenAsync(client, Requests.Ensemble("[[tokens:30]] [[delay:20]]"));
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        client.Simulator.GoAway();
        var watch = Stopwatch.StartNew();
        while (client.Simulator.AcceptedConnections == 1 && watch.Elapsed < SimulatorClient.Deadline)
        {
            Assert.Equal(["One"], (await client.StreamAsync(Requests.Ensemble("[[say:One]]"))).Texts());
        }

        var rest = new List<ModelStreamInferResponse>();
        await foreach (var response in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            rest.Add(response);
        }

        Assert.Equal(29, rest.Count);
        Assert.Equal(2, client.Simulator.AcceptedConnections);
    }

    [Fact]
    public async Task Recorded_request_has_everything_that_was_sent()
    {
        await using var client = await SimulatorClient.StartAsync();
        var request = Requests.Ensemble("[[say:One]]", 7).WantingFinal();
        request.Id = "r1";

        await client.StreamAsync(request, new Metadata { { "x-mine", "yes" } });

        var recorded = Assert.Single(client.Simulator.Requests);
        Assert.Equal(("ensemble", "r1", true), (recorded.ModelName, recorded.Id, recorded.IsStream));
        Assert.Equal("yes", recorded.Metadata["x-mine"]);
        Assert.Equal(true, recorded.Parameters["triton_enable_empty_final_response"]);
        Assert.Equal([7L], recorded.Input("max_tokens")!.Values);
        Assert.Equal(("INT32", 2), (recorded.Input("max_tokens")!.Datatype, recorded.Input("max_tokens")!.Shape.Count));
        Assert.Null(recorded.Input("top_k"));
        Assert.Equal(request, ModelInferRequest.Parser.ParseFrom(recorded.Message.Span));
        Assert.Equal((RequestOutcome.Completed, 1), (recorded.Outcome, recorded.Tokens));
    }

    private static async Task<AsyncDuplexStreamingCall<ModelInferRequest, ModelStreamInferResponse>> OpenAsync(
        SimulatorClient client, ModelInferRequest request)
    {
        var call = client.Grpc.ModelStreamInfer(deadline: DateTime.UtcNow + SimulatorClient.Deadline);
        await call.RequestStream.WriteAsync(request);
        await call.RequestStream.CompleteAsync();
        return call;
    }

    /// <summary>The channel waits a moment before it connects again after a failure.</summary>
    private static async Task<string[]> AnswerWhenBackAsync(SimulatorClient client)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return (await client.StreamAsync(Requests.Ensemble("[[say:One]]"))).Texts();
            }
            catch (RpcException) when (deadline.Elapsed < SimulatorClient.Deadline)
            {
                await Task.Yield();
            }
        }
    }
}
