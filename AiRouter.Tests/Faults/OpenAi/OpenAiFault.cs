using System.Security.Cryptography.X509Certificates;

namespace AiRouter.Tests.Faults.OpenAi;

/// <summary>A fault of an OpenAI-compatible backend, from which rows of the table are made.</summary>
/// <param name="Fault">What happens.</param>
/// <param name="Moment">When.</param>
/// <param name="Script">What the backend does with each connection.</param>
internal sealed record OpenAiFault(string Fault, string Moment, Func<FaultConnection, Task> Script)
{
    /// <summary>The backend's deadlines, as YAML; long where no hang is the point.</summary>
    public string Timeouts { get; init; } = "{ connect: 10, firstByte: 15, idle: 15 }";

    /// <summary>What the router must think of the target afterwards; null: that it has failed, unless the answer is right.</summary>
    public string? Health { get; init; }

    /// <summary>More members of <c>retry</c>, as YAML.</summary>
    public string? Retry { get; init; }

    /// <summary>More members of the backend, as YAML.</summary>
    public string Backend { get; init; } = "";

    /// <summary>Members of <c>server</c>, as YAML.</summary>
    public string Server { get; init; } = "{ }";

    /// <summary>The target's <c>stream</c>: whether the backend is asked for one.</summary>
    public string TargetStream { get; init; } = "backend";

    /// <summary>False: nobody listens where the backend should be.</summary>
    public bool Listens { get; init; } = true;

    /// <summary>The script goes on until the fault is over.</summary>
    public bool LastsUntilHealed { get; init; }

    /// <summary>The backend's scheme and host; the host is replaced by a name that nobody has where that is the fault.</summary>
    public string Origin { get; init; } = "http://127.0.0.1";

    /// <summary>The certificate that the fault shows.</summary>
    public X509Certificate2? FaultCertificate { get; init; }

    /// <summary>The certificate of the healthy backend.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The user's message.</summary>
    public string Content { get; init; } = "12345678";

    /// <summary>The most bytes that the router may take of the answer.</summary>
    public long MaxTaken { get; init; } = long.MaxValue;

    /// <summary>The row for a whole answer; with <paramref name="second"/> also one with a second, healthy target.</summary>
    public IEnumerable<FaultCase> Whole(FaultOutcome alone, FaultOutcome? second = null) => Cases(false, alone, second);

    /// <summary>The same for a stream.</summary>
    public IEnumerable<FaultCase> Streamed(FaultOutcome alone, FaultOutcome? second = null) => Cases(true, alone, second);

    /// <summary>The same for both.</summary>
    public IEnumerable<FaultCase> Both(FaultOutcome alone, FaultOutcome? second = null) =>
        [.. Whole(alone, second), .. Streamed(alone, second)];

    private IEnumerable<FaultCase> Cases(bool isStream, FaultOutcome alone, FaultOutcome? second)
    {
        yield return Case(isStream, 1, alone);
        if (second is not null)
        {
            yield return Case(isStream, 2, second);
        }
    }

    private string HealthAfter(FaultOutcome expected, int targets) =>
        Health ?? (targets == 1 && expected == FaultOutcome.Right ? FaultOutcome.NoFailure : FaultOutcome.Failure);

    private FaultCase Case(bool isStream, int targets, FaultOutcome expected) =>
        new(Fault, Moment, expected.With(HealthAfter(expected, targets), targets == 1 ? null : expected == FaultOutcome.Right), () => OpenAiFaultRun.RunAsync(this, isStream, targets))
        {
            Streaming = isStream,
            Targets = targets,
        };
}
