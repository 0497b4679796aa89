namespace AiRouter.Benchmarks.Demo;

/// <summary>What the demonstration counted.</summary>
internal sealed record DemoFigures
{
    /// <summary>The share of the answers that a server is said to serve again with.</summary>
    public const double Share = 0.25;

    /// <summary>Answers of sim-1 before it was killed.</summary>
    public int BySim1Before { get; init; }

    /// <summary>Answers of sim-2 until then.</summary>
    public int BySim2Before { get; init; }

    /// <summary>Requests that sim-1 had, or was to get, when they had nothing of an answer yet.</summary>
    public int WithoutByte { get; init; }

    /// <summary>Those of them that sim-2 answered.</summary>
    public int Moved { get; init; }

    /// <summary>Streams that were cut.</summary>
    public int Broken { get; init; }

    /// <summary>Those of them that ended in an error event.</summary>
    public int Told { get; init; }

    /// <summary>Other requests that were answered while it was away.</summary>
    public int Unharmed { get; init; }

    /// <summary>What was neither.</summary>
    public IReadOnlyList<string> Wrong { get; init; } = [];

    /// <summary>Its share of the newest answers at the end.</summary>
    public double ShareAfter { get; init; }

    /// <summary>How long that took from the moment at which it listened again.</summary>
    public TimeSpan Recovery { get; init; }

    /// <summary>Whether it shows what it is to show.</summary>
    public bool Holds => WithoutByte > 0 && Moved == WithoutByte && Broken > 0 && Told == Broken && Wrong.Count == 0 && ShareAfter >= Share;
}
