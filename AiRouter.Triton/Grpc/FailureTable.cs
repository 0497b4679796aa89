using System.Net.Sockets;
using System.Text.RegularExpressions;
using Grpc.Core;

namespace AiRouter.Triton.Grpc;

/// <summary>
/// What Triton's words and gRPC's statuses mean. In a stream Triton sends errors as text without a status, and INTERNAL
/// covers bad input too, so the text is all there is (<c>triton.md</c> §2).
/// </summary>
internal static partial class FailureTable
{
    private static readonly (Regex Text, TritonFailureKind Kind, GenerationParameter? Parameter)[] ByText =
    [
        (ContextLength(), TritonFailureKind.ContextLengthExceeded, null),
        (NoGuides(), TritonFailureKind.Unsupported, GenerationParameter.Guide),
        (BadGuide(), TritonFailureKind.InvalidRequest, GenerationParameter.Guide),
        (NoImages(), TritonFailureKind.Unsupported, GenerationParameter.Images),
        (BadImage(), TritonFailureKind.InvalidRequest, GenerationParameter.Images),
        (StreamingRefusedText(), TritonFailureKind.Unsupported, null),
        (Contract(), TritonFailureKind.ContractMismatch, null),
        (NotReady(), TritonFailureKind.ModelNotReady, null),
        (NotFound(), TritonFailureKind.ModelNotFound, null),
        (Overload(), TritonFailureKind.Overloaded, null),
        (Away(), TritonFailureKind.Unavailable, null),
        (Restricted(), TritonFailureKind.Unauthenticated, null),
        (Lora(), TritonFailureKind.InvalidRequest, null),
        (Cancelled(), TritonFailureKind.Cancelled, null),
    ];

    /// <summary>The failure of an in-band error.</summary>
    public static TritonFailure FromText(string text)
    {
        var (kind, parameter) = Classify(text) ?? (TritonFailureKind.Unclassified, null);
        return new TritonFailure(kind, text, parameter);
    }

    /// <summary>Whether the model refused to stream, so that the same request without streaming may work.</summary>
    public static bool IsStreamingRefused(TritonFailure failure) => StreamingRefusedText().IsMatch(failure.Detail);

    /// <summary>The failure of a call that ended with a status.</summary>
    public static TritonFailure FromStatus(Status status)
    {
        var (kind, parameter) = FromTransport(status) is { } transport
            ? (transport, null)
            : Classify(status.Detail) ?? (FromCode(status.StatusCode), null);
        return new TritonFailure(kind, $"{status.StatusCode}: {status.Detail}", parameter);
    }

    private static (TritonFailureKind Kind, GenerationParameter? Parameter)? Classify(string text)
    {
        // The reason of a Python traceback is at its end.
        const int looked = 4096;
        if (text.Length > 2 * looked)
        {
            text = string.Concat(text.AsSpan(0, looked), text.AsSpan(text.Length - looked));
        }

        foreach (var (pattern, kind, parameter) in ByText)
        {
            if (pattern.IsMatch(text))
            {
                return (kind, parameter);
            }
        }

        return null;
    }

    private static TritonFailureKind FromCode(StatusCode code) => code switch
    {
        StatusCode.Unavailable => TritonFailureKind.Unavailable,
        StatusCode.NotFound => TritonFailureKind.ModelNotFound,
        StatusCode.InvalidArgument or StatusCode.OutOfRange => TritonFailureKind.InvalidRequest,
        StatusCode.Unimplemented => TritonFailureKind.NoTriton,
        StatusCode.Cancelled => TritonFailureKind.Reset,
        StatusCode.DeadlineExceeded => TritonFailureKind.DeadlineExceeded,
        StatusCode.ResourceExhausted => TritonFailureKind.Overloaded,
        StatusCode.Unauthenticated or StatusCode.PermissionDenied => TritonFailureKind.Unauthenticated,
        _ => TritonFailureKind.Unclassified,
    };

    /// <summary>
    /// What happened below gRPC: the exception that Grpc.Net.Client keeps with the status it made up.
    /// </summary>
    private static TritonFailureKind? FromTransport(Status status)
    {
        if (status.StatusCode == StatusCode.ResourceExhausted
            && status.Detail.Contains("message exceeds the maximum", StringComparison.Ordinal))
        {
            return TritonFailureKind.MessageTooLarge;
        }

        // Grpc.Net.Client's words for answers of HTTP that are none of gRPC: a proxy's, or another server's.
        if (status.Detail.StartsWith("Bad gRPC response.", StringComparison.Ordinal))
        {
            return status.StatusCode switch
            {
                StatusCode.Unavailable or StatusCode.Unknown => TritonFailureKind.Unavailable,
                StatusCode.Unauthenticated or StatusCode.PermissionDenied => TritonFailureKind.Unauthenticated,
                StatusCode.Unimplemented => TritonFailureKind.NoTriton,
                _ => TritonFailureKind.Malformed,
            };
        }

        TritonFailureKind? kind = null;
        for (var exception = status.DebugException; exception is not null; exception = exception.InnerException)
        {
            switch (exception)
            {
                case HttpProtocolException { ErrorCode: 7 }:
                    return TritonFailureKind.Unavailable;
                case InvalidDataException or Google.Protobuf.InvalidProtocolBufferException:
                    // The framing of gRPC's messages, and what is in them.
                    return TritonFailureKind.Malformed;
                case HttpIOException:
                    return TritonFailureKind.Reset;
                case TimeoutException:
                    return TritonFailureKind.ConnectTimeout;
                case HttpRequestException { HttpRequestError: var error }:
                    // What the HTTP client does not name is a connection that broke at a moment for which it has no word (in its
                    // handshake, while it shuts down); no server said anything.
                    kind = FromHttpError(error) ?? kind ?? TritonFailureKind.Reset;
                    break;
                case SocketException or IOException:
                    kind ??= TritonFailureKind.Reset;
                    break;
            }
        }

        return kind;
    }

    private static TritonFailureKind? FromHttpError(HttpRequestError error) => error switch
    {
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.VersionNegotiationError =>
            TritonFailureKind.Unreachable,
        HttpRequestError.HttpProtocolError or HttpRequestError.ResponseEnded => TritonFailureKind.Reset,
        _ => null,
    };

    // TensorRT-LLM's engine; its LLM API (max_num_tokens, max_seq_len, default_max_tokens); vLLM.
    [GeneratedRegex(@"exceeds maximum (encoder )?(input|sequence) length"
        + "|should not exceed (max_num_tokens|max_seq_len)|default_max_tokens.{1,40}must be greater than 0"
        + "|longer than the maximum model length|too long to fit into the model|maximum context length is \\d+ tokens",
        RegexOptions.Singleline)]
    private static partial Regex ContextLength();

    [GeneratedRegex("GuidedDecoder is not setup|structured outputs? requires a tokenizer", RegexOptions.IgnoreCase)]
    private static partial Regex NoGuides();

    // vLLM checks a guide with XGrammar, and where that cannot do it with llguidance.
    [GeneratedRegex("Invalid (JSON grammar|grammar|structural tag) specification"
        + "|JSON schema contains features not supported|Failed to transform .{1,40}into a grammar"
        + "|Failed to convert the grammar from|Choice '.{0,10}' cannot be an empty list"
        + "|Failed to parse JSON: |guide string must be provided"
        + "|Regex parsing error|EBNF (lexer|parser) error|Grammar error: ", RegexOptions.IgnoreCase)]
    private static partial Regex BadGuide();

    [GeneratedRegex("does not support multi-?modal inputs?|At most 0 image", RegexOptions.IgnoreCase)]
    private static partial Regex NoImages();

    [GeneratedRegex(@"cannot identify image file|image file is truncated|At most \d+ image|--limit-mm-per-prompt"
        + "|exceeds the pre-allocated encoder cache size|DecompressionBomb")]
    private static partial Regex BadImage();

    [GeneratedRegex(@"Streaming is only supported .*decoupled mode", RegexOptions.Singleline)]
    private static partial Regex StreamingRefusedText();

    [GeneratedRegex(@"unexpected inference (input|output) '|inference input '.*' data-type is '"
        + @"|unexpected shape for input '|expected number of inputs between|string elements for inference input '"
        + "|already exists in request|batch size does not match other inputs|missing required input", RegexOptions.Singleline)]
    private static partial Regex Contract();

    [GeneratedRegex(@"Request for unknown model: '.*' has no available versions|is not ready\b")]
    private static partial Regex NotReady();

    [GeneratedRegex(@"Request for unknown model|failed to get model version from|version -?\d+ is not found")]
    private static partial Regex NotFound();

    [GeneratedRegex("Exceeds maximum queue size|Request timeout expired")]
    private static partial Regex Overload();

    [GeneratedRegex("has stopped accepting new|unhealthy vLLM engine|Server not ready|Server is stopping")]
    private static partial Regex Away();

    [GeneratedRegex("This protocol is restricted, expecting header")]
    private static partial Regex Restricted();

    [GeneratedRegex("LoRA .* is not supported|LoRA feature is not enabled", RegexOptions.Singleline)]
    private static partial Regex Lora();

    [GeneratedRegex("Request was cancelled|Request cancelled by client")]
    private static partial Regex Cancelled();
}
