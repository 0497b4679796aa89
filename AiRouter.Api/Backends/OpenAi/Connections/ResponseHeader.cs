namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>The headers of an answer that anybody asks for.</summary>
internal enum ResponseHeader
{
    /// <summary>What the body is.</summary>
    ContentType,

    /// <summary>How the body is packed.</summary>
    ContentEncoding,

    /// <summary>The file that the body is.</summary>
    ContentDisposition,

    /// <summary>How long the backend worked.</summary>
    ProcessingTime,

    /// <summary>The version of the API.</summary>
    ApiVersion,

    /// <summary>When to ask again.</summary>
    RetryAfter,

    /// <summary>The same in milliseconds.</summary>
    RetryAfterMilliseconds,

    /// <summary>Whether to ask again.</summary>
    ShouldRetry,

    /// <summary>The backend's clock.</summary>
    Date,
}

/// <summary>Their names.</summary>
internal static class ResponseHeaderNames
{
    private static readonly string[] Names =
    [
        "Content-Type", "Content-Encoding", "Content-Disposition", "openai-processing-ms", "openai-version", "Retry-After",
        "retry-after-ms", "x-should-retry", "Date",
    ];

    /// <summary>How many there are.</summary>
    public const int Count = (int)ResponseHeader.Date + 1;

    /// <summary>The name of one.</summary>
    public static string NameOf(ResponseHeader header) => Names[(int)header];
}
