namespace AiRouter.Core.Metering;

/// <summary>How requests end, as usage counts them; derived here and nowhere else.</summary>
public static class UsageOutcomes
{
    /// <summary>Answered.</summary>
    public const string Ok = "ok";

    /// <summary>Refused for what the client sent, or may not do: any 4xx but the two below.</summary>
    public const string ClientError = "client_error";

    /// <summary>Refused for a limit or a budget: 429.</summary>
    public const string Limited = "limited";

    /// <summary>The backend, or the router itself, failed: any 5xx, and an answer that broke off.</summary>
    public const string BackendError = "backend_error";

    /// <summary>The client went away before the end.</summary>
    public const string Cancelled = "cancelled";

    private const int ClientGone = 499;
    private const int TooManyRequests = 429;

    /// <summary>All, in the order in which they are kept. New ones go to the end.</summary>
    public static IReadOnlyList<string> All { get; } = [Ok, ClientError, Limited, BackendError, Cancelled];

    /// <summary>The outcome of a request.</summary>
    public static string Of(UsageRecord record) => All[IndexOf(record)];

    /// <summary>Its place in <see cref="All"/>.</summary>
    internal static int IndexOf(UsageRecord record) => record.Status switch
    {
        ClientGone => 4,
        TooManyRequests => 2,
        >= 500 => 3,
        >= 400 => 1,

        // The client got a good status, and then not the whole answer.
        _ => record.Error is null ? 0 : 3,
    };
}
