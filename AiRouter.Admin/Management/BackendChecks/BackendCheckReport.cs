using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>What came of trying a backend out.</summary>
/// <param name="Url">The address that was tried.</param>
/// <param name="At">When.</param>
/// <param name="Verdict">The worst of the steps.</param>
/// <param name="Steps">What was tried, in this order; what came after a failure is left out.</param>
public sealed record BackendCheckReport(string Url, DateTimeOffset At, CheckVerdict Verdict, IReadOnlyList<CheckStep> Steps)
{
    /// <summary>Credentials that were not sent because Admin does not know them, by path, and why.</summary>
    public IReadOnlyList<ConfigurationProblem> NotSent { get; init; } = [];

    /// <summary>The server's certificate; absent: no TLS, or none was shown.</summary>
    public CertificateView? Certificate { get; init; }

    /// <summary>Milliseconds from a question to its answer on a connection that stands; absent: there was none.</summary>
    public double? LatencyMilliseconds { get; init; }

    /// <summary>What the server calls itself.</summary>
    public string? Server { get; init; }

    /// <summary>The URL that is meant, where the one that was tried is not it, but almost.</summary>
    public string? SuggestedUrl { get; init; }

    /// <summary>The models of an <c>openai</c> backend; absent: it listed none.</summary>
    public UpstreamModels? Models { get; init; }

    /// <summary>The model repository of a Triton server; absent: it gave none.</summary>
    public RepositoryView? Repository { get; init; }
}

/// <summary>One step of a check.</summary>
/// <param name="Kind">What was tried.</param>
/// <param name="Verdict">How it went.</param>
/// <param name="Text">What was found, in a sentence.</param>
public sealed record CheckStep(CheckStepKind Kind, CheckVerdict Verdict, string Text)
{
    /// <summary>What to do about it; absent: nothing, or nobody knows.</summary>
    public string? Mend { get; init; }

    /// <summary>How long it took.</summary>
    public double? Milliseconds { get; init; }
}

/// <summary>What a check tries.</summary>
public enum CheckStepKind
{
    /// <summary>The host has an address, and one that may be asked.</summary>
    Address,

    /// <summary>Somebody listens there.</summary>
    Connection,

    /// <summary>TLS is agreed, and the certificate is right.</summary>
    Tls,

    /// <summary>It answers in the protocol of its kind.</summary>
    Answer,

    /// <summary>It tells its models.</summary>
    Models,
}

/// <summary>How a check, or a step of it, went.</summary>
public enum CheckVerdict
{
    /// <summary>Well.</summary>
    Passed,

    /// <summary>Something is odd, but requests may work.</summary>
    Warned,

    /// <summary>Requests will not work.</summary>
    Failed,
}

/// <summary>The certificate that a server showed.</summary>
/// <param name="Subject">Whom it is for.</param>
/// <param name="Issuer">Who signed it.</param>
/// <param name="Names">The names and addresses that it is good for; at most 20.</param>
/// <param name="From">Its first moment.</param>
/// <param name="To">Its last moment.</param>
/// <param name="Sha256">Its fingerprint.</param>
/// <param name="Protocol">The version of TLS that was agreed.</param>
public sealed record CertificateView(
    string Subject, string Issuer, IReadOnlyList<string> Names, DateTimeOffset From, DateTimeOffset To, string Sha256, string Protocol);

/// <summary>The models that an <c>openai</c> backend lists.</summary>
/// <param name="Items">Their names, sorted.</param>
/// <param name="IsCut">Whether there were more than are shown.</param>
public sealed record UpstreamModels(IReadOnlyList<UpstreamModel> Items, bool IsCut);

/// <summary>A model that a backend lists.</summary>
/// <param name="Id">Its name there.</param>
/// <param name="OwnedBy">Who owns it, as the backend says.</param>
/// <param name="ContextLength">The most tokens of input and answer together, where the backend says so (<c>max_model_len</c>).</param>
public sealed record UpstreamModel(string Id, string? OwnedBy, int? ContextLength);
