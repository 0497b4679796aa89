using System.Text.Json.Nodes;

namespace AiRouter.Tests.Deploy;

/// <summary>A Deployment or StatefulSet with its one container.</summary>
internal sealed record Workload(KubernetesObject Object)
{
    public JsonObject Pod => (JsonObject)Object.At("spec.template.spec")!;

    public JsonObject Container => Assert.IsType<JsonObject>(Assert.Single((JsonArray)Pod["containers"]!));

    /// <summary>What the container is told: text, or null where it comes from a Secret.</summary>
    public IReadOnlyDictionary<string, string?> Environment => Items(Container, "env")
        .ToDictionary(static v => (string)v["name"]!, static v => (string?)v["value"]);

    /// <summary>Variables that come from a Secret: which, and which key of it.</summary>
    public IReadOnlyDictionary<string, (string Secret, string Key)> Secrets => Items(Container, "env")
        .Where(static v => v["valueFrom"] is not null)
        .ToDictionary(static v => (string)v["name"]!, static v =>
        {
            var reference = v["valueFrom"]!["secretKeyRef"]!;
            return ((string)reference["name"]!, (string)reference["key"]!);
        });

    /// <summary>Ports by name.</summary>
    public IReadOnlyDictionary<string, int> Ports => Items(Container, "ports")
        .ToDictionary(static p => (string)p["name"]!, static p => (int)(long)p["containerPort"]!);

    /// <summary>Where each volume is mounted.</summary>
    public IReadOnlyDictionary<string, string> Mounts => Items(Container, "volumeMounts")
        .ToDictionary(static m => (string)m["mountPath"]!, static m => (string)m["name"]!);

    /// <summary>What stands at a path below the container.</summary>
    public string? Text(string path) => KubernetesObject.At(Container, path)?.ToString();

    private static IEnumerable<JsonObject> Items(JsonObject at, string name) =>
        (at[name] as JsonArray ?? []).OfType<JsonObject>();
}
