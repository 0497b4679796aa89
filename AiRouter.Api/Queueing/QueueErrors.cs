using AiRouter.Api.Admission;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Queueing;

/// <summary>What a client is told that gets no place. Nothing of who else waits.</summary>
internal static class QueueErrors
{
    // SDKs sleep no longer than this, and then ask twice more in vain.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    /// <summary>Too many wait already.</summary>
    public static ApiError Full(TimeSpan retryAfter) => Later(new ApiError(
        ErrorCause.QueueFull,
        "The model has as many requests as it can take at present, and too many wait already. " + Again(retryAfter)), retryAfter);

    /// <summary>It has waited too long.</summary>
    public static ApiError TimedOut(TimeSpan retryAfter) => Later(new ApiError(
        ErrorCause.QueueTimeout,
        "The model has had as many requests as it can take for as long as one may wait. " + Again(retryAfter)), retryAfter);

    private static string Again(TimeSpan retryAfter) =>
        $"Please try again in {RateLimitHeaders.Duration(TimeSpan.FromSeconds(Math.Ceiling(retryAfter.TotalSeconds)))}.";

    private static ApiError Later(ApiError error, TimeSpan retryAfter) => error with
    {
        RetryAfter = retryAfter,
        ShouldRetry = retryAfter > LongestSleep ? false : null,
    };
}
