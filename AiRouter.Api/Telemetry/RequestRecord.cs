using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Telemetry;

/// <summary>What is noted of one request until it ends.</summary>
internal sealed class RequestRecord(RequestRecorder recorder, Exchange exchange, long started)
{
    /// <summary>The request.</summary>
    public Exchange Exchange => exchange;

    /// <summary>When it began.</summary>
    public long Started => started;

    /// <summary>Why it failed, if it did.</summary>
    public ApiError? Error { get; private set; }

    /// <summary>It failed.</summary>
    public void Failed(ApiError error)
    {
        Error = error;
        recorder.LogFailure(exchange, error);
    }

    /// <summary>It has ended, however.</summary>
    /// <param name="end">Why it has no whole answer, also where an exception took its place; null: it has one.</param>
    public void End(ApiError? end) => recorder.Settle(this, end);
}
