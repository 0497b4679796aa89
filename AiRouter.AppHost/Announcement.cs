using AiRouter.AppHost.Topology;

namespace AiRouter.AppHost;

/// <summary>What the user is told once everything is healthy.</summary>
internal static class Announcement
{
    /// <summary>The URLs, a line to paste, and what is simulated.</summary>
    public static string For(RouterTopology topology)
    {
        var api = ReachableFromHere(topology.Api.Endpoint);
        return $$"""

            AiRouter is ready.

              OpenAI API     {{api}}v1
              Health         {{api}}health/ready
              Metrics        {{api}}metrics
              Configuration  {{topology.ConfigFile}} (an edit is live within two seconds)
              Triton         {{Describe(topology)}}

            Try it:

              curl {{api}}v1/chat/completions -H 'Content-Type: application/json' \
                -d '{"messages": [{"role": "user", "content": "Hello!"}], "stream": true}' --no-buffer
            {{Warning(topology)}}
            Ctrl-C stops everything.

            """;
    }

    private static string Describe(RouterTopology topology) => topology.Backing switch
    {
        TritonBacking.Simulator =>
            $"SIMULATED at {topology.Triton} (gRPC): a stand-in without a GPU whose answers are scripted",
        TritonBacking.Container => $"{topology.Triton} (gRPC), in a container",
        _ => $"{topology.Triton} (gRPC), yours: nothing is simulated",
    };

    // Rule R1: without a key, only loopback is open.
    private static string Warning(RouterTopology topology) => topology.Api.Endpoint.IsLoopback
        ? string.Empty
        : """

            It listens beyond this machine, so every request needs a client key (docs/configuration.md, "keys").

            """;

    private static Uri ReachableFromHere(Uri endpoint) => endpoint.Host is "0.0.0.0" or "[::]"
        ? new UriBuilder(endpoint) { Host = "localhost" }.Uri
        : endpoint;
}
