namespace AiRouter.Api.Health;

/// <summary>What the end of an attempt says about its target.</summary>
internal enum TargetOutcome
{
    /// <summary>Nothing: the client left, the request was at fault, or nobody knows (R25).</summary>
    Unknown,

    /// <summary>It works: a whole answer, or a refusal (4xx) of the request's own.</summary>
    Success,

    /// <summary>It failed: connect error, 5xx, timeout, an answer that broke off.</summary>
    Failure,

    /// <summary>It has too much to do (429): it works, and wants to be left alone for a while.</summary>
    Overloaded,
}
