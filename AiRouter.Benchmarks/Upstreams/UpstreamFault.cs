namespace AiRouter.Benchmarks.Upstreams;

/// <summary>How an upstream fails a request.</summary>
internal enum UpstreamFault
{
    /// <summary>429 without Retry-After.</summary>
    TooMany,

    /// <summary>429 with Retry-After.</summary>
    TooManyUntil,

    /// <summary>500 with an error of OpenAI's.</summary>
    Error,

    /// <summary>503 with an HTML page.</summary>
    Overloaded,

    /// <summary>The connection is reset before the head of the answer.</summary>
    Reset,

    /// <summary>No answer, ever.</summary>
    Hang,

    /// <summary>200 and an HTML page.</summary>
    Page,

    /// <summary>200 and something that is not JSON; in a stream, behind its first events.</summary>
    Garbage,

    /// <summary>The connection is cut in the middle of the answer.</summary>
    Cut,

    /// <summary>Nothing more comes from the middle of the answer on.</summary>
    Stall,

    /// <summary>The answer ends in good order in its middle, without finish and <c>[DONE]</c>.</summary>
    Short,

    /// <summary>An error event in the middle of a stream, or 200 with an error.</summary>
    InBand,

    /// <summary>The bytes come one by one; the answer is right.</summary>
    Trickle,
}
