namespace AiRouter.Api.Health;

/// <summary>Whether a target may be asked, at one moment.</summary>
/// <param name="Condition">What its requests and its backend's probes have shown.</param>
/// <param name="Rest">Whether it is left alone because it has too much to do.</param>
/// <param name="UsableIn">After which time it may be asked at the earliest; zero: at once, or nobody knows.</param>
internal readonly record struct TargetStanding(TargetCondition Condition, TargetRest Rest, TimeSpan UsableIn)
{
    /// <summary>A request may be sent.</summary>
    public bool IsUsable => !IsOut && Rest == TargetRest.None;

    /// <summary>It is taken for broken. One that only rests is not.</summary>
    public bool IsOut => Condition is TargetCondition.Open or TargetCondition.Trying or TargetCondition.ProbesFail;
}

/// <summary>What is known of a target's health.</summary>
internal enum TargetCondition
{
    /// <summary>It works, or nobody has asked it yet.</summary>
    Closed,

    /// <summary>It failed; the time to leave it alone is over, and the next request tries it.</summary>
    HalfOpen,

    /// <summary>It failed, and a request is just trying it.</summary>
    Trying,

    /// <summary>It failed, and is left alone.</summary>
    Open,

    /// <summary>Its backend, or its model there, does not answer probes.</summary>
    ProbesFail,
}

/// <summary>Why a target that works is left alone.</summary>
internal enum TargetRest
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>It had too much to do and did not say for how long: others are asked first.</summary>
    Guessed,

    /// <summary>It asked for it (<c>Retry-After</c>).</summary>
    Asked,
}
