namespace AiRouter.Api.Routing.Failover;

/// <summary>What a failure says about trying another target (R25, R26), before the request and the configuration are asked.</summary>
internal enum RetryRule
{
    /// <summary>Another target is not tried.</summary>
    Never,

    /// <summary>Nothing of the request has left: whatever it is, another target may be tried.</summary>
    NotSent,

    /// <summary>The backend said that it does not do it (429, 500, 502, 503): not for requests that must not be done twice.</summary>
    Refused,

    /// <summary>The connection broke after the request had been sent: as <see cref="Refused"/>, and only one other target.</summary>
    Reset,

    /// <summary>It took too long: as <see cref="Refused"/>, and only where the configuration says so.</summary>
    Timeout,
}
