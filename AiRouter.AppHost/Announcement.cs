using AiRouter.AppHost.Topology;

namespace AiRouter.AppHost;

/// <summary>What the user is told once everything is healthy.</summary>
internal static class Announcement
{
    /// <summary>The URLs, a line to paste, and what is simulated.</summary>
    public static string For(RouterTopology topology)
    {
        var api = topology.Api.Reachable;

        // Rule R1: without a key, only loopback is open.
        var (key, note) = topology.Api.Endpoint.IsLoopback
            ? (string.Empty, string.Empty)
            : (" -H 'Authorization: Bearer YOUR_KEY'", NeedsKeys);
        return $$"""

            AiRouter is ready.

              OpenAI API     {{api}}v1
              Health         {{api}}health/ready
              Metrics        {{api}}metrics
              Configuration  {{topology.ConfigFile}} (an edit is live within two seconds)
              Triton         {{Describe(topology)}}

            Try it:

              curl {{api}}v1/chat/completions -H 'Content-Type: application/json'{{key}} \
                -d '{"messages": [{"role": "user", "content": "Hello!"}], "stream": true}' --no-buffer
            {{note}}
            Ctrl-C stops everything.

            """;
    }

    private const string NeedsKeys = """

        It listens beyond this machine, so every request needs a client key. This makes one, and its hash for "keys" in the
        configuration (docs/configuration.md): dotnet run -c Release --project AiRouter.Api -- hash-key

        """;

    private static string Describe(RouterTopology topology) => topology.Backing switch
    {
        TritonBacking.Simulator =>
            $"SIMULATED at {topology.Triton} (gRPC): a stand-in without a GPU whose answers are scripted",
        TritonBacking.Container => $"{topology.Triton} (gRPC), in a container",
        _ => $"{topology.Triton} (gRPC), yours: nothing is simulated",
    };
}
