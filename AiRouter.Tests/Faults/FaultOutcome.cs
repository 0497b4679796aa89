namespace AiRouter.Tests.Faults;

/// <summary>What came of a fault, in the words of <c>docs/faults.md</c>.</summary>
/// <param name="Client">What the client got.</param>
/// <param name="Router">What the router did about the target: tried another, left it alone; empty: nothing to say.</param>
internal sealed record FaultOutcome(string Client, string Router = "")
{
    /// <summary><see cref="Router"/>: the target's breaker counts a failure.</summary>
    public const string Failure = "a failure";

    /// <summary><see cref="Router"/>: the target is as well as before.</summary>
    public const string NoFailure = "no failure";

    /// <summary><see cref="Router"/>: the target is left alone for a time that the router guesses.</summary>
    public const string Rest = "left alone for a moment";

    /// <summary>The whole answer, as if nothing had happened.</summary>
    public static FaultOutcome Right { get; } = new("the right answer");

    /// <summary>A whole answer that does not say why it ended: what the backend sent is passed on, not made up.</summary>
    public static FaultOutcome AsSent { get; } = new("the answer as the backend sent it, without finish reason");

    /// <summary>An OpenAI error in the place of an answer.</summary>
    /// <param name="status">The status.</param>
    /// <param name="code">The error's <c>code</c>.</param>
    /// <param name="retryAfter">The header, in seconds; null: there is none.</param>
    public static FaultOutcome Error(int status, string? code, int? retryAfter = null) =>
        new($"{status} `{code ?? "null"}`{(retryAfter is null ? "" : $", `Retry-After: {retryAfter}`")}");

    /// <summary><see cref="Router"/>: the target is left alone for as long as it asked for.</summary>
    public static string RestOf(int seconds) => $"left alone for {seconds} s";

    /// <summary>The same, with what the router did.</summary>
    /// <param name="health">What it thinks of the target.</param>
    /// <param name="asksOther">Whether it asked the other target; null: there is none.</param>
    public FaultOutcome With(string health, bool? asksOther) => this with
    {
        Router = asksOther switch { null => health, true => health + "; asks the other", false => health + "; asks nobody else" },
    };

    /// <summary>A stream that has begun, an error event as its last event, and an end that no client takes for a whole answer.</summary>
    public static FaultOutcome Cut(string? code) => new($"what had come, then the error event `{code ?? "null"}`");
}
