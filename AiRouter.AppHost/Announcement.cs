using AiRouter.AppHost.Topology;

namespace AiRouter.AppHost;

/// <summary>What the user is told once everything is healthy.</summary>
internal static class Announcement
{
    /// <summary>The URLs, lines to paste, and what is simulated.</summary>
    public static string For(RouterTopology topology)
    {
        var openAi = At(topology.Api, Wiring.Paths.OpenAi);
        var management = At(topology.Admin, Wiring.Paths.ManagementApi);

        // Rule R1: without a key, only loopback is open.
        var (key, note) = topology.Api.Endpoint.IsLoopback
            ? (string.Empty, string.Empty)
            : (" -H 'Authorization: Bearer YOUR_KEY'", NeedsKeys);
        return $$"""

            AiRouter is ready.

              OpenAI API      {{openAi}}
              Admin           {{topology.Admin.Reachable}} (sign in with the admin key {{AdminKey(topology)}})
              Health          {{At(topology.Api, Wiring.Paths.Ready)}}
              Metrics         {{At(topology.Api, Wiring.Paths.Metrics)}}
              Management API  {{management}} (with the same key)
              Configuration   {{Configuration(topology)}}
              Store           {{Store(topology)}}
              Triton          {{Triton(topology)}}

            Try it:

              curl {{openAi}}/chat/completions -H 'Content-Type: application/json'{{key}} \
                -d '{"messages": [{"role": "user", "content": "Hello!"}], "stream": true}' --no-buffer

            Make a client key; from the first one on, every request needs one:

              curl {{management}}/keys -H "Authorization: Bearer {{AdminKeyInShell(topology)}}" \
                -H 'Content-Type: application/json' -d '{"name": "me"}'
            {{note}}
            {{End(topology)}}

            """;
    }

    private const string NeedsKeys = """

        It listens beyond this machine, so every request needs a client key already.

        """;

    private static string Configuration(RouterTopology topology) => topology.IsRuledByFile
        ? $"{topology.ConfigFile} (an edit is live within two seconds)"
        : $"in the store, which began with {topology.ConfigFile} (Admin changes it)";

    private static string Store(RouterTopology topology) => topology.Backings.Redis switch
    {
        RedisBacking.Embedded => $"embedded, at {Address(topology.Store!.Endpoint)}; its files are in "
            + topology.Store.Environment[Wiring.Variables.Data],
        RedisBacking.Container => $"Redis at 127.0.0.1:{topology.StorePort}, in a container of its own",
        _ => "yours (--redis)",
    };

    private static string Triton(RouterTopology topology) => topology.Backings.Triton switch
    {
        TritonBacking.Simulator =>
            $"SIMULATED at {topology.Triton} (gRPC): a stand-in without a GPU whose answers are scripted",
        TritonBacking.Container =>
            $"{topology.Triton} (gRPC), in a container that serves {topology.Backings.Models}",
        _ => $"{topology.Triton} (gRPC), yours: nothing is simulated",
    };

    private static string End(RouterTopology topology) => topology.Backings.Redis == RedisBacking.Container
        ? "Ctrl-C stops everything but the Redis container, which keeps what is in it."
        : "Ctrl-C stops everything.";

    private static Uri At(ResourceProcess process, string path) => new(process.Reachable, path);

    private static string Address(Uri endpoint) => $"{endpoint.Host}:{endpoint.Port}";

    private static string AdminKey(RouterTopology topology) =>
        topology.AdminKeyFile is { } file ? $"in {file}" : Wiring.Variables.AdminKey;

    private static string AdminKeyInShell(RouterTopology topology) =>
        topology.AdminKeyFile is { } file ? $"$(cat '{file}')" : $"${Wiring.Variables.AdminKey}";
}
