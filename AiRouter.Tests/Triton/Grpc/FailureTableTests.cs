using System.Net.Sockets;
using AiRouter.Triton;
using AiRouter.Triton.Grpc;
using Grpc.Core;

namespace AiRouter.Tests.Triton.Grpc;

public sealed class FailureTableTests
{
    [Theory]
    [InlineData("Request for unknown model: 'nope' is not found", TritonFailureKind.ModelNotFound)]
    [InlineData("Request for unknown model: 'm' version 7 is not found", TritonFailureKind.ModelNotFound)]
    [InlineData("failed to get model version from specified version string 'abc'", TritonFailureKind.ModelNotFound)]
    [InlineData("Request for unknown model: 'm' has no available versions", TritonFailureKind.ModelNotReady)]
    [InlineData("Model 'm' is not ready", TritonFailureKind.ModelNotReady)]
    [InlineData("unexpected inference input 'seed' for model 'trt_like'", TritonFailureKind.ContractMismatch)]
    [InlineData("unexpected inference output 'bogus' for model 'm'", TritonFailureKind.ContractMismatch)]
    [InlineData(
        "[request id: r1] inference input 'stop_words' data-type is 'INT32', but model 'trt_like' expects 'BYTES'",
        TritonFailureKind.ContractMismatch)]
    [InlineData(
        "[request id: r1] unexpected shape for input 'stream' for model 'trt_like'. Expected [-1,1], got [1]. NOTE: …",
        TritonFailureKind.ContractMismatch)]
    [InlineData(
        "[request id: r1] expected number of inputs between 2 and 4 but got 1 inputs for model 'trt_like'. "
        + "Got input(s) ['text_input'], but missing required input(s) ['max_tokens'].",
        TritonFailureKind.ContractMismatch)]
    [InlineData("[request id: r1] expected 2 string elements for inference input 'stop_words', got 1", TritonFailureKind.ContractMismatch)]
    [InlineData("input 'text_input' already exists in request", TritonFailureKind.ContractMismatch)]
    [InlineData("Exceeds maximum queue size", TritonFailureKind.Overloaded)]
    [InlineData("Request timeout expired", TritonFailureKind.Overloaded)]
    [InlineData("GRPC server is shutting down and has stopped accepting new requests.", TritonFailureKind.Unavailable)]
    [InlineData("Model is unavailable due to unhealthy vLLM engine", TritonFailureKind.Unavailable)]
    [InlineData("Server is stopping, scheduler for model has stopped accepting new inference requests", TritonFailureKind.Unavailable)]
    [InlineData("Server not ready", TritonFailureKind.Unavailable)]
    [InlineData(
        "Executor failed process requestId 4 due to the following error: Prompt length (200) exceeds maximum input length (1)",
        TritonFailureKind.ContextLengthExceeded)]
    [InlineData("Prompt length (4000) exceeds maximum sequence length (2048)", TritonFailureKind.ContextLengthExceeded)]
    [InlineData(
        "Error generating stream: The decoder prompt (length 9000) is longer than the maximum model length of 8192",
        TritonFailureKind.ContextLengthExceeded)]
    [InlineData(
        "The prompt (total length 9000) is too long to fit into the model (context length 8192)",
        TritonFailureKind.ContextLengthExceeded)]
    [InlineData(
        "Prompt length (1251) exceeds maximum input length (1024). Set log level to info and check TRTGptModel logs for how "
        + "maximum input length is set",
        TritonFailureKind.ContextLengthExceeded)]
    [InlineData("Encoder length (600) exceeds maximum encoder input length (512).", TritonFailureKind.ContextLengthExceeded)]
    [InlineData(
        "Error generating request: The sum of prompt length (9351.0), query length (0) should not exceed max_num_tokens (8192)",
        TritonFailureKind.ContextLengthExceeded)]
    [InlineData(
        "The sum of prompt length (4000) and query length (0) max_tokens (2048) should not exceed max_seq_len (4096)",
        TritonFailureKind.ContextLengthExceeded)]
    [InlineData(
        "`default_max_tokens` (-248) must be greater than 0, `default_max_tokens (-248)` = max_seq_len (8096) - …",
        TritonFailureKind.ContextLengthExceeded)]
    [InlineData(
        "Error generating stream: Prompt length of 9000 is longer than the maximum model length of 8192.",
        TritonFailureKind.ContextLengthExceeded)]
    [InlineData(
        "Error generating stream: The decoder prompt (length 8192) plus the number of requested output tokens (at least 1) is "
        + "longer than the maximum model length of 8192. Make sure that `max_model_len` is no smaller than …",
        TritonFailureKind.ContextLengthExceeded)]
    [InlineData(
        "Error generating stream: This model's maximum context length is 8192 tokens. However, you requested …",
        TritonFailureKind.ContextLengthExceeded)]
    [InlineData(
        "Error generating stream: The decoder prompt (length 9000) is longer than the maximum model length of 8192. Make sure "
        + "that `max_model_len` is no smaller than the number of text tokens plus multimodal tokens. For image inputs, the "
        + "number of image tokens depends on … Try `--limit-mm-per-prompt`",
        TritonFailureKind.ContextLengthExceeded)]
    [InlineData("Request was cancelled", TritonFailureKind.Cancelled)]
    [InlineData("Request cancelled by client", TritonFailureKind.Cancelled)]
    [InlineData("LoRA x is not supported, we currently support ['y']", TritonFailureKind.InvalidRequest)]
    [InlineData("LoRA feature is not enabled.", TritonFailureKind.InvalidRequest)]
    [InlineData("Streaming is only supported if model is deployed using decoupled mode.", TritonFailureKind.Unsupported)]
    [InlineData("Streaming is only supported in decoupled mode.", TritonFailureKind.Unsupported)]
    [InlineData("This protocol is restricted, expecting header 'triton-grpc-protocol-k'", TritonFailureKind.Unauthenticated)]
    [InlineData("Executor failed process requestId 4 due to the following error: something", TritonFailureKind.Unclassified)]
    public void Text_in_the_stream_says_what_failed(string text, TritonFailureKind expected) =>
        Assert.Equal(expected, FailureTable.FromText(text).Kind);

    [Theory]
    [InlineData(
        "Request is specified with GuidedDecodingParams, but GuidedDecoder is not setup. Please provide a valid "
        + "GuidedDecodingConfig to setup GuidedDecoder.",
        TritonFailureKind.Unsupported, GenerationParameter.Guide)]
    [InlineData(
        "Error generating stream: Failed to transform regex into a grammar: Regex parsing error at position 3: …",
        TritonFailureKind.InvalidRequest, GenerationParameter.Guide)]
    [InlineData(
        "Error generating stream: The provided JSON schema contains features not supported by xgrammar.",
        TritonFailureKind.InvalidRequest, GenerationParameter.Guide)]
    [InlineData("Invalid grammar specification.", TritonFailureKind.InvalidRequest, GenerationParameter.Guide)]
    [InlineData("Choice '[]' cannot be an empty list", TritonFailureKind.InvalidRequest, GenerationParameter.Guide)]
    [InlineData(
        "Error generating stream: Your model does not support multi-modal inputs",
        TritonFailureKind.Unsupported, GenerationParameter.Images)]
    [InlineData(
        "Error generating stream: At most 0 image(s) may be provided in one prompt.",
        TritonFailureKind.Unsupported, GenerationParameter.Images)]
    [InlineData(
        "At most 20 image(s) may be provided in one prompt. Set `--limit-mm-per-prompt` to increase this limit.",
        TritonFailureKind.InvalidRequest, GenerationParameter.Images)]
    [InlineData(
        "Error generating stream: You set image=1 (or defaulted to 1) in `--limit-mm-per-prompt`, but passed 3 image items in "
        + "the same prompt.",
        TritonFailureKind.InvalidRequest, GenerationParameter.Images)]
    [InlineData(
        "Error generating stream: cannot identify image file <_io.BytesIO object at 0x7f2a5c1d4bd0>",
        TritonFailureKind.InvalidRequest, GenerationParameter.Images)]
    public void Text_names_the_guide_or_the_images_at_fault(
        string text, TritonFailureKind expected, GenerationParameter parameter)
    {
        var failure = FailureTable.FromText(text);

        Assert.Equal((expected, parameter), (failure.Kind, failure.Parameter));
    }

    [Fact]
    public void Reason_at_the_end_of_a_long_traceback_is_found() =>
        Assert.Equal(
            TritonFailureKind.Overloaded,
            FailureTable.FromText(new string('x', 1_000_000) + "Exceeds maximum queue size").Kind);

    [Theory]
    [InlineData(StatusCode.Unavailable, TritonFailureKind.Unavailable)]
    [InlineData(StatusCode.NotFound, TritonFailureKind.ModelNotFound)]
    [InlineData(StatusCode.InvalidArgument, TritonFailureKind.InvalidRequest)]
    [InlineData(StatusCode.Unimplemented, TritonFailureKind.NoTriton)]
    [InlineData(StatusCode.ResourceExhausted, TritonFailureKind.Overloaded)]
    [InlineData(StatusCode.Unauthenticated, TritonFailureKind.Unauthenticated)]
    [InlineData(StatusCode.PermissionDenied, TritonFailureKind.Unauthenticated)]
    [InlineData(StatusCode.Internal, TritonFailureKind.Unclassified)]
    [InlineData(StatusCode.Unknown, TritonFailureKind.Unclassified)]
    public void Status_without_known_text_says_what_failed(StatusCode code, TritonFailureKind expected) =>
        Assert.Equal(expected, FailureTable.FromStatus(new Status(code, "words")).Kind);

    [Fact]
    public void Failure_below_gRPC_is_never_one_without_a_class()
    {
        Assert.Equal(TritonFailureKind.Reset, KindOf(new HttpRequestException("The request was aborted.")));
        Assert.Equal(TritonFailureKind.Reset, KindOf(new HttpRequestException(HttpRequestError.InvalidResponse, "No handshake.")));
        Assert.Equal(
            TritonFailureKind.Reset,
            KindOf(new HttpRequestException(HttpRequestError.Unknown, "Could not be sent.", new ObjectDisposedException("connection"))));
        Assert.Equal(
            TritonFailureKind.Unreachable,
            KindOf(new HttpRequestException("x", new HttpRequestException(HttpRequestError.ConnectionError, "y", new SocketException()))));
        Assert.Equal(
            TritonFailureKind.ConnectTimeout,
            KindOf(new HttpRequestException(HttpRequestError.ConnectionError, "x", new TimeoutException())));
    }

    /// <summary>As gRPC tells it: as INTERNAL, where it knows the exception no better.</summary>
    private static TritonFailureKind KindOf(Exception exception) =>
        FailureTable.FromStatus(new Status(StatusCode.Internal, "Error starting gRPC call.", exception)).Kind;
}
