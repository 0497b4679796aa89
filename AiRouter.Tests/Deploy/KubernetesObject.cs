using System.Text.Json.Nodes;

namespace AiRouter.Tests.Deploy;

/// <summary>One object of a manifest.</summary>
/// <param name="Json">The object.</param>
/// <param name="Source">Where it stands, for messages.</param>
internal sealed record KubernetesObject(JsonObject Json, string Source)
{
    public string ApiVersion => Text("apiVersion") ?? "";

    public string Kind => Text("kind") ?? "";

    public string Name => Text("metadata.name") ?? "";

    /// <summary>What stands at a path such as <c>spec.template.spec.containers.0</c>; null where there is nothing.</summary>
    public JsonNode? At(string path) => At(Json, path);

    /// <summary>What stands at a path below a node.</summary>
    public static JsonNode? At(JsonNode? node, string path) => path.Split('.').Aggregate(node, static (at, step) => at switch
    {
        JsonObject map => map[step],
        JsonArray list when int.TryParse(step, out var index) && index < list.Count => list[index],
        _ => null,
    });

    /// <summary>The text or number at a path.</summary>
    public string? Text(string path) => At(path)?.ToString();

    public override string ToString() => $"{Kind} {Name} ({Source})";
}
