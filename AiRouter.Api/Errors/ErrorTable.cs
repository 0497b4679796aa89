using System.Collections.Frozen;

namespace AiRouter.Api.Errors;

/// <summary>What one cause of failure means on the wire and in the log.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">The error's <c>type</c>.</param>
/// <param name="Code">The error's <c>code</c>, or null.</param>
/// <param name="ShouldRetry">
/// The <c>x-should-retry</c> header: false where SDKs would retry in vain, true where they would give up too early, null to
/// leave it to the status.
/// </param>
/// <param name="RetryAfter">Seconds to wait when nobody knows better; null where a retry is no use.</param>
/// <param name="Level">How it is logged.</param>
internal sealed record ErrorRow(
    int Status, string Type, string? Code, bool? ShouldRetry, int? RetryAfter, LogLevel Level);

/// <summary>
/// The one table from causes to OpenAI errors (<c>openai-api.md</c> §3). SDKs retry every 408, 409, 429 and 5xx; the .NET
/// SDK does so at once without <c>Retry-After</c>, so that header goes with every 429 and 503.
/// </summary>
internal static class ErrorTable
{
    private const string Invalid = "invalid_request_error";
    private const string Server = "server_error";

    private static readonly FrozenDictionary<ErrorCause, ErrorRow> Rows = new Dictionary<ErrorCause, ErrorRow>
    {
        [ErrorCause.InvalidRequest] = new(400, Invalid, null, null, null, LogLevel.Debug),
        [ErrorCause.UnsupportedParameter] = new(400, Invalid, "unsupported_parameter", null, null, LogLevel.Debug),
        [ErrorCause.UnsupportedOperation] = new(400, Invalid, "unsupported_operation", null, null, LogLevel.Debug),
        [ErrorCause.ContextLengthExceeded] = new(400, Invalid, "context_length_exceeded", null, null, LogLevel.Debug),
        [ErrorCause.MissingKey] = new(401, Invalid, null, null, null, LogLevel.Debug),
        [ErrorCause.InvalidKey] = new(401, Invalid, "invalid_api_key", null, null, LogLevel.Information),
        [ErrorCause.ModelNotAllowed] = new(403, Invalid, "model_not_allowed", null, null, LogLevel.Information),
        [ErrorCause.OperationNotAllowed] = new(403, Invalid, "operation_not_allowed", null, null, LogLevel.Information),
        [ErrorCause.ModelNotFound] = new(404, Invalid, "model_not_found", null, null, LogLevel.Debug),
        [ErrorCause.UnknownUrl] = new(404, Invalid, "unknown_url", null, null, LogLevel.Debug),
        [ErrorCause.ObjectNotFound] = new(404, Invalid, "not_found", null, null, LogLevel.Debug),
        [ErrorCause.ObjectsUnknown] = new(503, Server, "store_unavailable", true, 2, LogLevel.Warning),
        [ErrorCause.MethodNotAllowed] = new(405, Invalid, "method_not_allowed", null, null, LogLevel.Debug),
        [ErrorCause.RequestTimeout] = new(408, Invalid, "request_timeout", false, null, LogLevel.Debug),
        [ErrorCause.BodyTooLarge] = new(413, Invalid, "request_too_large", null, null, LogLevel.Debug),
        [ErrorCause.UnsupportedMediaType] = new(415, Invalid, "unsupported_media_type", null, null, LogLevel.Debug),
        [ErrorCause.RequestRateExceeded] = new(429, "requests", "rate_limit_exceeded", true, 1, LogLevel.Debug),
        [ErrorCause.TokenRateExceeded] = new(429, "tokens", "rate_limit_exceeded", true, 1, LogLevel.Debug),
        [ErrorCause.ConcurrencyExceeded] = new(429, "requests", "rate_limit_exceeded", true, 1, LogLevel.Debug),
        [ErrorCause.QueueFull] = new(429, "requests", "rate_limit_exceeded", true, 1, LogLevel.Debug),
        [ErrorCause.QueueTimeout] = new(503, Server, "server_is_overloaded", true, 1, LogLevel.Debug),
        [ErrorCause.BudgetExceeded] = new(429, "insufficient_quota", "insufficient_quota", false, 1, LogLevel.Information),
        [ErrorCause.ModelUnpriced] = new(403, Invalid, "model_not_priced", null, null, LogLevel.Warning),
        [ErrorCause.LimitsUnavailable] = new(503, Server, "limits_unavailable", true, 5, LogLevel.Warning),
        [ErrorCause.NotImplemented] = new(501, Invalid, "not_implemented", false, null, LogLevel.Debug),
        [ErrorCause.OutOfBuffers] = new(503, Server, "server_is_overloaded", true, 1, LogLevel.Warning),
        [ErrorCause.NotConfigured] = new(503, Server, "not_configured", true, 5, LogLevel.Warning),
        [ErrorCause.Draining] = new(503, Server, "shutting_down", true, 1, LogLevel.Information),
        [ErrorCause.BackendUnreachable] = new(502, Server, "backend_unreachable", null, null, LogLevel.Warning),
        [ErrorCause.BackendTimeout] = new(504, Server, "backend_timeout", false, null, LogLevel.Warning),
        [ErrorCause.BackendOverloaded] = new(503, Server, "server_is_overloaded", true, 1, LogLevel.Warning),
        [ErrorCause.BackendUnavailable] = new(503, Server, "backend_unavailable", true, 1, LogLevel.Warning),
        [ErrorCause.BackendMisconfigured] = new(502, Server, "backend_misconfigured", false, null, LogLevel.Error),
        [ErrorCause.BackendQuota] = new(503, Server, "backend_quota", false, 60, LogLevel.Error),
        [ErrorCause.BackendRejected] = new(400, Invalid, null, null, null, LogLevel.Debug),
        [ErrorCause.BackendError] = new(502, Server, "backend_error", null, null, LogLevel.Warning),
        [ErrorCause.BackendProtocol] = new(502, Server, "backend_protocol", false, null, LogLevel.Error),
        [ErrorCause.BackendStreamBroken] = new(502, Server, "backend_stream_broken", null, null, LogLevel.Warning),
        [ErrorCause.PromptFormatFailed] = new(500, Server, "prompt_format_failed", false, null, LogLevel.Error),
        [ErrorCause.ClientGone] = new(499, Invalid, null, null, null, LogLevel.Debug),
        [ErrorCause.Internal] = new(500, Server, null, false, null, LogLevel.Error),
    }.ToFrozenDictionary();

    /// <summary>The row of <paramref name="cause"/>.</summary>
    public static ErrorRow For(ErrorCause cause) => Rows[cause];
}
