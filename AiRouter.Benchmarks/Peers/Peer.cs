namespace AiRouter.Benchmarks.Peers;

/// <summary>What is measured: a proxy that runs, or the upstream itself.</summary>
/// <param name="Name">What it is called in tables.</param>
/// <param name="Port">Where it is asked.</param>
/// <param name="Processes">The processes whose processor time and memory count.</param>
internal sealed record Peer(string Name, int Port, IReadOnlyList<int> Processes)
{
    /// <summary>The name of the peer that others are compared with.</summary>
    public const string Nginx = "nginx";

    /// <summary>The name of the upstream itself, asked without any proxy.</summary>
    public const string Direct = "direct";

    /// <summary>The command of this program that asks it.</summary>
    public string Load { get; init; } = "load";

    /// <summary>Headers that its requests need beside those of all.</summary>
    public string Headers { get; init; } = "";

    /// <summary>Whether it is a build of the router.</summary>
    public bool IsRouter { get; init; }
}
