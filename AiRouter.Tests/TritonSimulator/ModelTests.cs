using System.Runtime.InteropServices;
using System.Text.Json;
using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.TritonSimulator;

/// <summary>What each family of models sends.</summary>
public sealed class ModelTests
{
    [Theory]
    [InlineData(true, "One|One,|One, two")]
    [InlineData(false, "One|,| two")]
    public async Task Bls_streams_cumulative_text_when_accumulate_tokens_is_true(bool accumulate, string expected)
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { AccumulateTokens = accumulate });

        var responses = await client.StreamAsync(Bls("[[say:One, two]]"));
        var config = await client.Grpc.ModelConfigAsync(
            new ModelConfigRequest { Name = "tensorrt_llm_bls" },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(expected.Split('|'), responses.Texts());
        Assert.All(responses, response => Assert.False(response.IsFinal()));
        Assert.Equal(accumulate ? "true" : "false", config.Config.Parameters["accumulate_tokens"].StringValue);
    }

    [Fact]
    public async Task Bls_ends_with_a_final_flag_alone_for_who_asks()
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(Bls("[[say:One]]", "r1").WantingFinal());

        Assert.Equal([false, true], responses.Select(response => response.IsFinal()));
        var final = responses[1].InferResponse;
        Assert.Equal(("r1", "tensorrt_llm_bls", ""), (final.Id, final.ModelName, final.ModelVersion));
        Assert.Empty(final.Outputs);
        Assert.Empty(final.RawOutputContents);
    }

    [Fact]
    public async Task Bls_error_is_a_traceback_and_final()
    {
        await using var client = await SimulatorClient.StartAsync();

        var response = Assert.Single(await client.StreamAsync(Bls("[[error:no memory]]")));

        Assert.StartsWith("Traceback (most recent call last):\n", response.ErrorMessage, StringComparison.Ordinal);
        Assert.EndsWith("TritonModelException: no memory\n", response.ErrorMessage, StringComparison.Ordinal);
        Assert.True(response.IsFinal());
        Assert.Equal("tensorrt_llm_bls", response.InferResponse.ModelName);
    }

    [Fact]
    public async Task Llm_api_streams_cumulative_text_with_reasons_on_request()
    {
        await using var client = await SimulatorClient.StartAsync();
        var request = LlmApi("[[say:One two three four]]").Flag("streaming", [1])
            .Int32("sampling_param_max_tokens", [1], 9)
            .Text("sampling_param_stop", [1], "ee").Flag("return_finish_reason", [1]).Flag("return_stop_reason", [1]);

        var responses = await client.StreamAsync(request);

        Assert.Equal(["One", "One two", "One two thr"], responses.Texts());
        Assert.Equal(["None", "None", "stop"], responses.Select(response => response.InferResponse.OutputText("finish_reason")));
        Assert.Equal("ee", responses[^1].InferResponse.OutputText("stop_reason"));
        Assert.True(responses[^1].IsFinal());
    }

    [Fact]
    public async Task Llm_api_without_max_tokens_stops_at_32()
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(
            LlmApi("[[tokens:100]]").Flag("streaming", [1]).Flag("return_finish_reason", [1]));

        Assert.Equal(32, responses.Count);
        Assert.Equal("length", responses[^1].InferResponse.OutputText("finish_reason"));
    }

    [Fact]
    public async Task Llm_api_that_is_not_decoupled_answers_once_and_refuses_streams()
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { Decoupled = false });

        var whole = await client.Grpc.ModelInferAsync(
            LlmApi("[[say:One two]]"), cancellationToken: TestContext.Current.CancellationToken);
        var refused = await client.ErrorAsync(LlmApi("x").Flag("streaming", [1]));

        Assert.Equal("One two", whole.OutputText());
        Assert.Empty(whole.Parameters);
        Assert.Equal("Error generating request: Streaming is only supported in decoupled mode.", refused);
    }

    [Fact]
    public async Task Vllm_streams_deltas_with_counters_of_its_shapes()
    {
        await using var client = await SimulatorClient.StartAsync();
        var request = Requests.Vllm("[[say:One two]]").Flag("return_finish_reason", [1])
            .Flag("return_num_input_tokens", [1]).Flag("return_num_output_tokens", [1]).WantingFinal();

        var responses = await client.StreamAsync(request);

        Assert.Equal(["One", " two"], responses.Texts());
        Assert.Equal([false, true], responses.Select(response => response.IsFinal()));
        Assert.Equal(["None", "stop"], responses.Select(response => response.InferResponse.OutputText("finish_reason")));
        Assert.Equal([1, 1], responses.Select(response => response.InferResponse.OutputInt32("num_output_tokens")));
        var counter = responses[0].InferResponse.Outputs.Single(output => output.Name == "num_input_tokens");
        Assert.Equal("UINT32", counter.Datatype);
        Assert.Empty(counter.Shape);
        Assert.Equal(4, responses[0].InferResponse.Output("num_input_tokens")!.Length);
    }

    [Theory]
    [InlineData("""{"max_tokens": "3"}""", "This is the", "length")]
    [InlineData("{}", "This is the Triton simulator. It has no model: every prompt gets these two", "length")]
    [InlineData("""{"max_tokens": 99, "stop": ["sim"]}""", "This is the Triton ", "stop")]
    [InlineData("""{"max_tokens": 99, "stop": "sim", "include_stop_str_in_output": true}""", "This is the Triton sim", "stop")]
    public async Task Vllm_obeys_its_sampling_parameters(string parameters, string text, string reason)
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(Requests.Vllm("Hello", parameters).Flag("return_finish_reason", [1]));

        Assert.Equal(text, string.Concat(responses.Texts()));
        Assert.Equal(reason, responses[^1].InferResponse.OutputText("finish_reason"));
    }

    [Fact]
    public async Task Vllm_goes_on_to_the_limit_when_it_ignores_the_end()
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(
            Requests.Vllm("[[say:a b]]", """{"max_tokens": 5, "ignore_eos": true}""").Flag("return_finish_reason", [1]));

        Assert.Equal("a b a b", string.Concat(responses.Texts())[..7]);
        Assert.Equal(5, responses.Count);
        Assert.Equal("length", responses[^1].InferResponse.OutputText("finish_reason"));
    }

    [Theory]
    [InlineData("""{"max_token": 5}""")]
    [InlineData("""{"temperature": "hot"}""")]
    [InlineData("""{"temperature": -1}""")]
    [InlineData("""{"max_tokens": 0}""")]
    [InlineData("""{"stop": [1]}""")]
    [InlineData("""{"top_p": 2}""")]
    public async Task Vllm_does_not_say_what_is_wrong_with_its_sampling_parameters(string parameters)
    {
        await using var client = await SimulatorClient.StartAsync();

        var error = await client.ErrorAsync(Requests.Vllm("x", parameters));

        Assert.Equal("Error generating stream: 'NoneType' object has no attribute 'lora_name'", error);
    }

    [Fact]
    public async Task Vllm_sends_logprobs_as_json_deltas()
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(
            Requests.Vllm("[[say:One two]]", """{"max_tokens": 9, "logprobs": 2}""").Flag("return_logprobs", [1]));

        Assert.Equal(2, responses.Count);
        var tokens = JsonSerializer.Deserialize<Dictionary<string, JsonElement>[]>(
            responses[1].InferResponse.OutputText("logprobs"))!;
        var alternatives = Assert.Single(tokens).Values.ToArray();
        Assert.Equal([1, 2], alternatives.Select(entry => entry.GetProperty("rank").GetInt32()));
        Assert.Equal(" two", alternatives[0].GetProperty("decoded_token").GetString());
        Assert.Equal(-0.25, alternatives[0].GetProperty("logprob").GetDouble());
    }

    [Theory]
    [InlineData(null, "Hi [[say:you]]you")]
    [InlineData(true, "you")]
    public async Task Vllm_prepends_the_prompt_without_stream(bool? exclude, string expected)
    {
        await using var client = await SimulatorClient.StartAsync();
        var request = Requests.Vllm("Hi [[say:you]]", stream: false);

        var responses = await client.StreamAsync(
            exclude is { } value ? request.Flag("exclude_input_in_output", [1], value) : request);

        Assert.Equal([expected], responses.Texts());
    }

    [Fact]
    public async Task Generic_model_answers_over_both_calls()
    {
        await using var client = await SimulatorClient.StartAsync();
        var request = Requests.For("generic", "r1").Text("text_input", [1], "[[say:One two]]");

        var unary = await client.Grpc.ModelInferAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        var streamed = Assert.Single(await client.StreamAsync(request));

        Assert.Equal(("One two", "r1", "1"), (unary.OutputText(), unary.Id, unary.ModelVersion));
        Assert.Equal("One two", streamed.InferResponse.OutputText());
        Assert.True(streamed.IsFinal());
    }

    [Fact]
    public async Task Embeddings_are_unit_vectors_made_from_the_text()
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions { EmbeddingDimensions = 1024 });

        var response = await client.Grpc.ModelInferAsync(
            Requests.For("bge").Text("text", [3, 1], "one", "two", "one"),
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([3, 1024], response.Outputs[0].Shape);
        var vectors = MemoryMarshal.Cast<byte, float>(response.Output("embedding")).ToArray().Chunk(1024).ToArray();
        Assert.Equal(vectors[0], vectors[2]);
        Assert.NotEqual(vectors[0], vectors[1]);
        Assert.All(vectors, vector => Assert.Equal(1, vector.Sum(value => value * value), 0.0001));
    }

    [Fact]
    public async Task Preprocessing_counts_as_the_text_models_do()
    {
        await using var client = await SimulatorClient.StartAsync();
        var counted = await client.StreamAsync(
            Requests.Ensemble("One, two three").Flag("return_num_input_tokens", [1, 1]));

        var response = await client.Grpc.ModelInferAsync(
            Requests.For("preprocessing").Text("QUERY", [1, 1], "One, two three").Int32("REQUEST_OUTPUT_LEN", [1, 1], 9),
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(4, response.OutputInt32("REQUEST_INPUT_LEN"));
        Assert.Equal([1, 4], response.Outputs[0].Shape);
        Assert.Equal(4, counted[0].InferResponse.OutputInt32("num_input_tokens"));
    }

    [Fact]
    public async Task Only_requested_outputs_are_sent()
    {
        await using var client = await SimulatorClient.StartAsync();
        var request = Requests.Vllm("[[say:One]]").Flag("return_finish_reason", [1]);
        request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "finish_reason" });

        var response = Assert.Single(await client.StreamAsync(request)).InferResponse;

        Assert.Equal(["finish_reason"], response.Outputs.Select(output => output.Name));
        Assert.Single(response.RawOutputContents);
    }

    [Fact]
    public async Task Several_sequences_are_told_apart_by_their_index()
    {
        await using var client = await SimulatorClient.StartAsync();

        var responses = await client.StreamAsync(
            Requests.Ensemble("[[say:One two]]").Int32("num_return_sequences", [1, 1], 2));

        Assert.Equal([0, 1, 0, 1], responses.Select(response => response.InferResponse.OutputInt32("sequence_index")));
        Assert.Equal([false, false, false, true], responses.Select(response => response.IsFinal()));
    }

    private static ModelInferRequest Bls(string prompt, string id = "")
    {
        return Requests.For("tensorrt_llm_bls", id).Text("text_input", [1, 1], prompt).Int32("max_tokens", [1, 1], 100)
            .Flag("stream", [1, 1]);
    }

    private static ModelInferRequest LlmApi(string prompt)
    {
        return Requests.For("tensorrt_llm").Text("text_input", [1], prompt);
    }
}
