namespace AiRouter.Api.Health.Probes;

/// <summary>What a probe of a backend found.</summary>
/// <param name="Finding">How the server is.</param>
/// <param name="Unready">Of the models that were asked for, those that the server says are not ready; empty where it was not asked.</param>
internal sealed record ProbeResult(ProbeFinding Finding, IReadOnlyCollection<string> Unready)
{
    /// <summary>The server is well, and so is every model.</summary>
    public static readonly ProbeResult Well = new(ProbeFinding.Well, []);

    /// <summary>The server is not well.</summary>
    public static ProbeResult Failed(ProbeFinding finding) => new(finding, []);
}

/// <summary>How a server is.</summary>
internal enum ProbeFinding
{
    /// <summary>It answers; what it answers is not asked.</summary>
    Well,

    /// <summary>No connection could be made, or it broke off.</summary>
    Unreachable,

    /// <summary>No answer came in time.</summary>
    TimedOut,

    /// <summary>It answered with a server error (5xx), or with what is no answer.</summary>
    ServerError,

    /// <summary>It answers, and says that it is not ready.</summary>
    NotReady,

    /// <summary>The router's TLS settings for it do not work.</summary>
    Misconfigured,
}
