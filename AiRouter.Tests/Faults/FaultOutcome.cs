namespace AiRouter.Tests.Faults;

/// <summary>What came of a fault, in the words of <c>docs/faults.md</c>.</summary>
/// <param name="Client">What the client got.</param>
/// <param name="Router">What the router did about the target: tried another, left it alone; empty: nothing to say.</param>
internal sealed record FaultOutcome(string Client, string Router = "")
{
    /// <summary>The whole answer, as if nothing had happened.</summary>
    public static FaultOutcome Right { get; } = new("the right answer");

    /// <summary>An OpenAI error in the place of an answer.</summary>
    public static FaultOutcome Error(int status, string? code) => new($"{status} `{code ?? "null"}`");

    /// <summary>A stream that has begun, an error event as its last event, and an end that no client takes for a whole answer.</summary>
    public static FaultOutcome Cut(string? code) => new($"what had come, then the error event `{code ?? "null"}`");
}
