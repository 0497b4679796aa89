using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AiRouter.Tests.Faults.Triton;

/// <summary>A fault of the way to a Triton server, or of what it tells of its models, from which rows of the table are made.</summary>
/// <param name="Name">What happens.</param>
/// <param name="Moment">When.</param>
/// <param name="Alone">What a client gets where no other target is.</param>
/// <param name="Begin">Lets it happen from now on.</param>
internal sealed record TritonConnectionFault(string Name, string Moment, FaultOutcome Alone, Action<TritonScene> Begin)
{
    /// <summary>What a client gets where a second, healthy target is there; null: no such row.</summary>
    public FaultOutcome? Second { get; init; }

    /// <summary>A good request goes before it, over the same connection.</summary>
    public bool IsKnown { get; init; }

    /// <summary>Ends it, where that is more than <see cref="TritonScene.Heal"/> does.</summary>
    public Action<TritonScene>? End { get; init; }

    /// <summary>How the server is reached.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>Further members of the backend, as YAML.</summary>
    public string Backend { get; init; } = "";

    /// <summary>Sets up the server's listener.</summary>
    public Action<ListenOptions>? Listen { get; init; }

    /// <summary>Seconds until a connection must stand.</summary>
    public double Connect { get; init; } = 10;

    /// <summary>Whole and streamed, with one target and with two.</summary>
    public IEnumerable<FaultCase> Rows =>
        from targets in Second is null ? (int[])[1] : [1, 2]
        from stream in (bool[])[false, true]
        select new FaultCase("Triton: " + Name, Moment, targets == 2 ? Second! : Alone, () => RunAsync(stream, targets))
        {
            Streaming = stream,
            Targets = targets,
        };

    private async Task<FaultOutcome> RunAsync(bool stream, int targets)
    {
        await using var scene = await TritonScene.StartAsync(targets, Scheme, Backend, Listen, Connect, IsKnown ? null : Begin);
        if (IsKnown)
        {
            Assert.Equal(FaultOutcome.Right, await scene.AskAsync(stream));
            await scene.NothingIsLeftAsync();
            Begin(scene);
        }

        return await scene.RunAsync(stream, () => End?.Invoke(scene));
    }
}
