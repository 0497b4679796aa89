using System.Globalization;
using System.Text;
using AiRouter.Benchmarks.Processes;
using AiRouter.Benchmarks.Upstreams;

namespace AiRouter.Benchmarks.Soak;

/// <summary>The router's configuration file: every policy, priorities, fallbacks, a queue, limits; rewritten every few seconds.</summary>
internal sealed class SoakConfiguration(string path, IReadOnlyList<ServerProcess> simulators, IReadOnlyList<FaultyUpstream> upstreams)
{
    /// <summary>Models for chats and completions.</summary>
    public static IReadOnlyList<string> TextModels { get; } =
    [
        "chat-weighted", "chat-robin", "chat-busy", "chat-latency", "chat-sticky", "chat-prefix", "chat-groups", "chat-lost", "chat-queued",
    ];

    /// <summary>The model for embeddings.</summary>
    public const string Embedding = "embed";

    /// <summary>The model whose prompts break its backend, on simulators only.</summary>
    public const string Broken = "broken";

    /// <summary>The model that is not always there.</summary>
    public const string Passing = "passing";

    /// <summary>The model with a queue.</summary>
    public const string Queued = "chat-queued";

    private const string Price = "price: { input: 1, output: 3 }, maxTokens: { default: 512, max: 2048 }";

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>Writes its next version: weights change, a policy does, a model and a backend come and go.</summary>
    public void Write(int version)
    {
        var text = new StringBuilder();
        text.AppendLine("server: { authentication: required, exposeBackend: true, keepAlive: 1, commitAfter: 1, drainSeconds: 5 }");
        text.AppendLine("limits: { concurrent: 100000, onStoreFailure: local }");
        Backends(text, version);
        Models(text, version);
        text.AppendLine("keys:");
        foreach (var key in SoakKeys.All)
        {
            text.AppendLine(key.Yaml);
        }

        var next = path + ".next";
        File.WriteAllText(next, text.ToString());
        File.Move(next, path, overwrite: true);
    }

    private void Backends(StringBuilder text, int version)
    {
        const string Common =
            "timeouts: { connect: 1, firstByte: 3, idle: 3, total: 20 }, breaker: { open: 0.5, maxOpen: 3 }, "
            + "probe: { interval: 1, timeout: 1 }";
        text.AppendLine("backends:");
        foreach (var simulator in simulators)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  {simulator.Name}: {{ kind: triton, url: \"http://127.0.0.1:{simulator.Port}\", {Common} }}");
        }

        foreach (var upstream in upstreams)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {upstream.Name}: {{ url: \"{upstream.Url}\", {Common} }}");
        }

        // Nothing listens on port 1.
        text.AppendLine(CultureInfo.InvariantCulture, $"  nobody: {{ url: \"http://127.0.0.1:1/v1\", {Common} }}");
        if (version % 2 == 1)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  passing: {{ url: \"{upstreams[0].Url}\", {Common} }}");
        }
    }

    private void Models(StringBuilder text, int version)
    {
        var weight = 1 + (version % 3);
        var all = string.Join(", ", Names().Select(n => Target(n)));
        text.AppendLine("models:");
        Model("chat-weighted", $"{Target("sim-1", $", weight: {weight}")}, {Target("sim-2")}, {Target("up-1", $", weight: {weight}")}", "policy: weighted");
        Model("chat-robin", $"{Target("up-1")}, {Target("up-2")}", "policy: round-robin");
        Model("chat-busy", all, "policy: least-busy");
        Model("chat-latency", all, "policy: latency");
        Model("chat-sticky", all, "policy: sticky, sticky: { by: user }");
        Model("chat-prefix", all, version % 4 == 3 ? "policy: round-robin" : "policy: prefix");
        Model("chat-groups", $"{Target("up-2")}, {Target("sim-1", ", priority: 1")}, {Target("sim-2", ", priority: 1")}", "policy: least-busy");
        Model("chat-lost", Target("nobody"), "fallbacks: [{ model: chat-robin }, { model: chat-busy }]");
        Model("chat-queued", $"{Target("sim-1")}, {Target("sim-2")}", "queue: { concurrentPerReplica: 4, waitingPerReplica: 12, maxWait: 2 }");
        Model("broken", $"{Target("sim-1")}, {Target("sim-2")}", "");
        Model(Embedding, $"{Target("up-1")}, {{ backend: sim-1, model: bge }}, {{ backend: sim-2, model: bge }}", "operations: [embeddings]");
        if (version % 2 == 1)
        {
            Model(Passing, Target("passing"), "");
        }

        void Model(string name, string targets, string members)
        {
            // Only Triton has a use for one.
            var format = targets.Contains("sim-", StringComparison.Ordinal) ? ", promptFormat: none" : "";
            text.AppendLine($"  {name}: {{ targets: [{targets}], {Price}{format}{(members.Length > 0 ? ", " + members : "")} }}");
        }
    }

    private IEnumerable<string> Names() => simulators.Select(s => s.Name).Concat(upstreams.Select(u => u.Name));

    private static string Target(string backend, string members = "") => backend.StartsWith("sim", StringComparison.Ordinal)
        ? $"{{ backend: {backend}, model: ensemble{members} }}"
        : $"{{ backend: {backend}, model: echo{members} }}";
}
