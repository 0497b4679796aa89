using System.Text.Json.Nodes;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Deploy;

/// <summary>Renders a kustomization, as far as <c>deploy/kubernetes</c> uses the format; anything else in a file is an error.
/// Where there is a kubectl, a test compares its answer.</summary>
internal sealed class Kustomization
{
    private static readonly string[] Known =
        ["apiVersion", "kind", "namespace", "resources", "components", "patches", "images", "configMapGenerator", "generatorOptions"];

    private readonly List<KubernetesObject> _objects = [];

    private Kustomization()
    {
    }

    /// <summary>All objects of the kustomization in a folder of the checkout.</summary>
    public static IReadOnlyList<KubernetesObject> Render(string folder)
    {
        var rendered = new Kustomization();
        rendered.Add(Path.GetFullPath(folder, Checkout.Root));
        return rendered._objects;
    }

    // In kustomize's order: resources, components, generators, and then what changes all of them.
    private void Add(string folder)
    {
        var file = Path.Combine(folder, "kustomization.yaml");
        var said = (JsonObject)ManifestYaml.Documents(File.ReadAllText(file)).Single()!;
        Assert.All(said, pair => Assert.True(Known.Contains(pair.Key), $"{file}: {pair.Key} is not rendered by the tests"));
        foreach (var resource in Texts(said, "resources"))
        {
            var path = Path.GetFullPath(resource, folder);
            if (Directory.Exists(path))
            {
                Add(path);
            }
            else
            {
                _objects.AddRange(ManifestYaml.Objects(File.ReadAllText(path), Path.GetRelativePath(Checkout.Root, path)));
            }
        }

        foreach (var component in Texts(said, "components"))
        {
            Add(Path.GetFullPath(component, folder));
        }

        foreach (var generator in Objects(said, "configMapGenerator"))
        {
            Generate(generator, folder);
        }

        foreach (var patch in Objects(said, "patches"))
        {
            Patch((string)patch["path"]!, folder);
        }

        foreach (var image in Objects(said, "images"))
        {
            Rename(image);
        }

        if ((string?)said["namespace"] is { } space)
        {
            SetNamespace(space);
        }
    }

    private void Generate(JsonObject generator, string folder)
    {
        var name = (string)generator["name"]!;
        var content = new JsonObject(Texts(generator, "files").Select(
            file => KeyValuePair.Create(Path.GetFileName(file), (JsonNode?)File.ReadAllText(Path.Combine(folder, file)))));
        if ((string?)generator["behavior"] == "replace")
        {
            _objects.Single(o => o is { Kind: "ConfigMap" } && o.Name == name).Json["data"] = content;
            return;
        }

        var map = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["data"] = content,
        };
        _objects.Add(new KubernetesObject(map, Path.GetRelativePath(Checkout.Root, folder)));
    }

    private void Patch(string file, string folder)
    {
        foreach (var patch in ManifestYaml.Objects(File.ReadAllText(Path.Combine(folder, file)), file))
        {
            var target = _objects.Single(o => (o.ApiVersion, o.Kind, o.Name) == (patch.ApiVersion, patch.Kind, patch.Name));
            StrategicMerge.Apply(target.Json, patch.Json);
        }
    }

    private void Rename(JsonObject image)
    {
        var containers = _objects.Select(static o => o.At("spec.template.spec.containers")).OfType<JsonArray>()
            .SelectMany(static list => list.OfType<JsonObject>());
        foreach (var container in containers)
        {
            var parts = ((string)container["image"]!).Split(':');
            if (parts[0] == (string?)image["name"])
            {
                container["image"] = $"{image["newName"] ?? parts[0]}:{image["newTag"] ?? parts[1]}";
            }
        }
    }

    private void SetNamespace(string space)
    {
        foreach (var item in _objects)
        {
            item.Json["metadata"]![item.Kind == "Namespace" ? "name" : "namespace"] = space;
        }
    }

    private static IEnumerable<string> Texts(JsonObject said, string name) =>
        (said[name] as JsonArray ?? []).Select(static item => (string)item!);

    private static IEnumerable<JsonObject> Objects(JsonObject said, string name) =>
        (said[name] as JsonArray ?? []).OfType<JsonObject>();
}
