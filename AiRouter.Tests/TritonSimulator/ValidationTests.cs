using AiRouter.Triton.Contract;
using AiRouter.TritonSimulator;
using AiRouter.TritonSimulator.Recording;
using Grpc.Core;

namespace AiRouter.Tests.TritonSimulator;

/// <summary>The server's texts, word for word.</summary>
public sealed class ValidationTests
{
    private const string BatchNote =
        "NOTE: Setting a non-zero max_batch_size in the model config requires a batch dimension to be prepended to each "
        + "input shape. If you want to specify the full shape including the batch dim in your input dims config, try "
        + "setting max_batch_size to zero. See the model configuration docs for more info on max_batch_size.";

    public static TheoryData<string, ModelInferRequest, string> Refused => new()
    {
        {
            "unknown model", Requests.For("nope"),
            "Request for unknown model: 'nope' is not found"
        },
        {
            "unknown version", Version(Ensemble(), "7"),
            "Request for unknown model: 'ensemble' version 7 is not found"
        },
        {
            "version no number", Version(Ensemble(), "abc"),
            "failed to get model version from specified version string 'abc' (details: stol), version should be an "
            + "integral value > 0"
        },
        {
            "version negative", Version(Ensemble(), "-3"),
            "invalid model version specified '-3' , version should be an integral value > 0"
        },
        {
            "unknown input", Ensemble().Int32("nope", [1, 1], 1),
            "unexpected inference input 'nope' for model 'ensemble'"
        },
        {
            "unknown output", Output(Ensemble(), "bogus"),
            "unexpected inference output 'bogus' for model 'ensemble'"
        },
        {
            "type", Ensemble("r1").Int32("stop_words", [1, 1], 1),
            "[request id: r1] inference input 'stop_words' data-type is 'INT32', but model 'ensemble' expects 'BYTES'"
        },
        {
            "no such type", Ensemble("r1").Raw("stop_words", "STRING", [1, 1], 1),
            "[request id: r1] inference input 'stop_words' data-type is '<invalid>', but model 'ensemble' expects 'BYTES'"
        },
        {
            "batch dimension missing", Ensemble("r1").Flag("stream", [1]),
            "[request id: r1] unexpected shape for input 'stream' for model 'ensemble'. Expected [-1,1], got [1]. " + BatchNote
        },
        {
            "shape without batching", Vllm("r1").Flag("stream", [1, 1]),
            "[request id: r1] unexpected shape for input 'stream' for model 'vllm_model'. Expected [1], got [1,1]. "
        },
        {
            "dimension left open", Ensemble("r1").Raw("stop_words", "BYTES", [1, -1]),
            "[request id: r1] All input dimensions should be specified for input 'stop_words' for model 'ensemble', got "
            + "[1,-1]"
        },
        {
            "no shape", Ensemble("r1").Flag("stream", []),
            "[request id: r1] input 'stream' has no shape but model requires batch dimension for 'ensemble'"
        },
        {
            "required input missing", Requests.For("ensemble", "r1").Text("text_input", [1, 1], "x"),
            "[request id: r1] expected number of inputs between 2 and 36 but got 1 inputs for model 'ensemble'. Got input(s) "
            + "['text_input'], but missing required input(s) ['max_tokens']. Please provide all required input(s)."
        },
        {
            "no input, no id", Requests.For("bge"),
            "[request id: <id_unknown>] expected 1 inputs but got 0 inputs for model 'bge'. Got input(s) [], but missing "
            + "required input(s) ['text']. Please provide all required input(s)."
        },
        {
            "input twice", Ensemble("r1").Int32("max_tokens", [1, 1], 1),
            "[request id: r1] input 'max_tokens' already exists in request"
        },
        {
            "output twice", Output(Output(Ensemble("r1"), "text_output"), "text_output"),
            "[request id: r1] output 'text_output' already exists in request"
        },
        {
            "batch sizes differ", Ensemble("r1").Raw("stream", "BOOL", [2, 1], 1, 1),
            "[request id: r1] input 'stream' batch size does not match other inputs for 'ensemble'"
        },
        {
            "batch too large",
            Requests.For("bge", "r1").Text("text", [33, 1], [.. Enumerable.Repeat("x", 33)]),
            "[request id: r1] inference request batch-size must be <= 32 for 'bge'"
        },
        {
            "too few strings", Ensemble("r1").Text("stop_words", [1, 2], "a"),
            "[request id: r1] expected 2 string elements for inference input 'stop_words' for model 'ensemble', got 1"
        },
        {
            "too many strings", Ensemble("r1").Text("stop_words", [1, 1], "a", "b"),
            "[request id: r1] unexpected number of string elements 2 for inference input 'stop_words' for model 'ensemble', "
            + "expecting 1"
        },
        {
            "length cut off", Ensemble("r1").Raw("stop_words", "BYTES", [1, 1], 1, 0),
            "[request id: r1] incomplete string length indicator for inference input 'stop_words' for model 'ensemble', "
            + "expecting 4 bytes but only 2 bytes available. Please make sure the string length indicator is in one buffer."
        },
        {
            "string cut off", Ensemble("r1").Raw("stop_words", "BYTES", [1, 1], 9, 0, 0, 0, 65),
            "incomplete string data for inference input 'stop_words', expecting string of length 9 but only 1 bytes available"
        },
        {
            "size", Ensemble("r1").Raw("top_k", "INT32", [1, 1], 1, 0),
            "[request id: r1] input byte size mismatch for input 'top_k' for model 'ensemble'. Expected 4, got 2"
        },
        {
            "raw and typed", Typed(Ensemble(), new InferTensorContents { BytesContents = { Bytes("x") } }),
            "contents field must not be specified when using raw_input_contents for 'stop_words' for model 'ensemble'"
        },
        {
            "typed, wrong type", Typed(Requests.For("ensemble"), new InferTensorContents { IntContents = { 1 } }),
            "unexpected explicit tensor data for input tensor 'stop_words' for model 'ensemble' of type 'INT32', expected "
            + "datatype 'BYTES'"
        },
        {
            "typed twice",
            Typed(
                Requests.For("ensemble"),
                new InferTensorContents { Fp32Contents = { 1 }, BytesContents = { Bytes("x") } },
                "FP32"),
            "unexpected explicit tensor data for input tensor 'stop_words' for model 'ensemble', binary data was already "
            + "supplied."
        },
        {
            "no data", NoData(),
            "unable to find data for input tensor 'text_input' for model 'ensemble' in request."
        },
        {
            "reserved parameter", Ensemble().With("triton_x", new InferParameter { BoolParam = true }),
            "parameter keys starting with 'triton_' are reserved for Triton usage. Only the following keys starting with "
            + "'triton_' are allowed: triton_enable_empty_final_response"
        },
        {
            "type of the reserved one",
            Ensemble().With("triton_enable_empty_final_response", new InferParameter { StringParam = "true" }),
            "invalid value type for 'triton_enable_empty_final_response' parameter, expected bool_param."
        },
        {
            "priority no number", Ensemble().With("priority", new InferParameter { StringParam = "1" }),
            "invalid value type for 'priority' parameter, expected int64_param or uint64_param."
        },
        {
            "priority negative", Ensemble().With("priority", new InferParameter { Int64Param = -1 }),
            "invalid value for 'priority', expected value >= 0."
        },
        {
            "timeout no number", Ensemble().With("timeout", new InferParameter { DoubleParam = 1 }),
            "invalid value type for 'timeout' parameter, expected int64_param."
        },
        {
            "sequence id", Ensemble().With("sequence_id", new InferParameter { BoolParam = true }),
            "invalid value type for 'sequence_id' parameter, expected int64_param or string_param."
        },
        {
            "parameter uint64", Ensemble().With("mine", new InferParameter { Uint64Param = 1 }),
            "invalid value type for 'mine' parameter, expected int64_param, bool_param, or string_param."
        },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task Refused_request_gets_the_text_of_the_server_inside_the_stream(
        string condition, ModelInferRequest request, string text)
    {
        Assert.NotEmpty(condition);
        await using var client = await SimulatorClient.StartAsync();

        var response = Assert.Single(await client.StreamAsync(request));

        Assert.Equal(text, response.ErrorMessage);
        Assert.Equal(request.Id, response.InferResponse.Id);
        Assert.Equal("", response.InferResponse.ModelName);
        Assert.Empty(response.InferResponse.Parameters);
        var recorded = Assert.Single(client.Simulator.Requests);
        Assert.Equal((RequestOutcome.Failed, text), (recorded.Outcome, recorded.Error));
    }

    [Theory]
    [InlineData("ensemble", StatusCode.Unimplemented, "ModelInfer RPC doesn't support models with decoupled transaction policy")]
    [InlineData("nope", StatusCode.NotFound, "Request for unknown model: 'nope' is not found")]
    [InlineData("generic", StatusCode.InvalidArgument, "[request id: <id_unknown>] expected 1 inputs but got 0 inputs for "
        + "model 'generic'. Got input(s) [], but missing required input(s) ['text_input']. Please provide all required "
        + "input(s).")]
    public async Task Refused_ModelInfer_has_the_text_as_status(string model, StatusCode code, string text)
    {
        await using var client = await SimulatorClient.StartAsync();

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await client.Grpc.ModelInferAsync(
            Requests.For(model), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal((code, text), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task An_optional_input_makes_up_for_a_required_one_that_is_missing()
    {
        await using var client = await SimulatorClient.StartAsync();

        var error = await client.ErrorAsync(
            Requests.For("ensemble").Text("text_input", [1, 1], "x").Flag("stream", [1, 1]));

        Assert.Equal(
            "in ensemble 'ensemble', Executor failed process requestId 1 due to the following error: Encountered an error when "
            + "fetching new request: [TensorRT-LLM][ERROR] Assertion failed: mMaxNewTokens > 0",
            error);
    }

    [Fact]
    public async Task Typed_contents_are_taken_like_raw_ones()
    {
        await using var client = await SimulatorClient.StartAsync();
        var request = Requests.For("ensemble");
        request.Inputs.Add(Tensor("text_input", "BYTES", new InferTensorContents { BytesContents = { Bytes("[[say:hi]]") } }));
        request.Inputs.Add(Tensor("max_tokens", "INT32", new InferTensorContents { IntContents = { 5 } }));
        request.Inputs.Add(Tensor("stream", "BOOL", new InferTensorContents { BoolContents = { true } }));
        request.Inputs.Add(Tensor("top_p", "FP32", new InferTensorContents { Fp32Contents = { 0.5f } }));
        request.Inputs.Add(Tensor("seed", "UINT64", new InferTensorContents { Uint64Contents = { ulong.MaxValue } }));

        var responses = await client.StreamAsync(request);

        Assert.Equal(["hi"], responses.Texts());
        var recorded = Assert.Single(client.Simulator.Requests);
        Assert.Equal(["[[say:hi]]", 5L, true, 0.5f, ulong.MaxValue], recorded.Inputs.SelectMany(input => input.Values));
    }

    [Fact]
    public async Task Header_of_a_restricted_protocol_is_demanded()
    {
        await using var client = await SimulatorClient.StartAsync(new SimulatorOptions
        {
            RestrictedHeader = "triton-grpc-protocol-key",
            RestrictedValue = "secret",
        });

        var refused = await Assert.ThrowsAsync<RpcException>(() => client.StreamAsync(Requests.Ensemble("x")));
        var taken = await client.StreamAsync(
            Requests.Ensemble("[[say:hi]]"), new Metadata { { "triton-grpc-protocol-key", "secret" } });

        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Equal(
            "This protocol is restricted, expecting header 'triton-grpc-protocol-key'", refused.Status.Detail);
        Assert.Equal(["hi"], taken.Texts());
    }

    private static ModelInferRequest Ensemble(string id = "")
    {
        return Requests.For("ensemble", id).Text("text_input", [1, 1], "x").Int32("max_tokens", [1, 1], 1);
    }

    private static ModelInferRequest Vllm(string id)
    {
        return Requests.For("vllm_model", id).Text("text_input", [1], "x");
    }

    private static ModelInferRequest Version(ModelInferRequest request, string version)
    {
        request.ModelVersion = version;
        return request;
    }

    private static ModelInferRequest Output(ModelInferRequest request, string name)
    {
        request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = name });
        return request;
    }

    private static ModelInferRequest Typed(
        ModelInferRequest request, InferTensorContents contents, string datatype = "BYTES")
    {
        request.Inputs.Add(Tensor("stop_words", datatype, contents));
        return request;
    }

    private static ModelInferRequest NoData()
    {
        var request = Ensemble();
        request.RawInputContents.Clear();
        return request;
    }

    private static ModelInferRequest.Types.InferInputTensor Tensor(
        string name, string datatype, InferTensorContents contents)
    {
        return new ModelInferRequest.Types.InferInputTensor
        {
            Name = name,
            Datatype = datatype,
            Shape = { 1, 1 },
            Contents = contents,
        };
    }

    private static Google.Protobuf.ByteString Bytes(string text)
    {
        return Google.Protobuf.ByteString.CopyFromUtf8(text);
    }
}
