namespace AiRouter.Tests.Faults;

/// <summary>One row of the fault table: what happens, when, and what must come of it.</summary>
/// <param name="Fault">What happens: <c>Connection reset</c>.</param>
/// <param name="Moment">When it happens: <c>after the headers</c>.</param>
/// <param name="Expected">What must come of it.</param>
/// <param name="Run">Has it happen over real sockets, checks that nothing is held afterwards and that the next request works.</param>
internal sealed record FaultCase(string Fault, string Moment, FaultOutcome Expected, Func<Task<FaultOutcome>> Run)
{
    /// <summary>Whether the client asks for a stream; null where that makes no difference.</summary>
    public bool? Streaming { get; init; }

    /// <summary>Targets that the model has: the first meets the fault, a second one is well.</summary>
    public int Targets { get; init; } = 1;

    /// <summary>Unique in the whole table; a test case is called so.</summary>
    public string Name => string.Join(
        ", ",
        Fault,
        Moment,
        Streaming switch { true => "streamed", false => "whole", null => "any answer" },
        Targets == 1 ? "one target" : "two targets");
}
