using System.Text.Json.Nodes;
using AiRouter.AppHost.Topology;

namespace AiRouter.Tests.Deploy;

/// <summary>What a kubelet would give the container of a workload: its volumes, in a folder of the test's, and its variables.</summary>
internal sealed class PodFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-pod-");
    private readonly Workload _workload;

    /// <summary>Makes the volumes of a workload.</summary>
    /// <param name="folder">The kustomization.</param>
    /// <param name="workload">The workload's name.</param>
    public PodFiles(string folder, string workload)
    {
        _workload = Deployments.Workload(folder, workload);
        var volumes = ((JsonArray)_workload.Pod["volumes"]!).ToDictionary(static v => (string)v!["name"]!);
        foreach (var (path, name) in _workload.Mounts)
        {
            var inside = Directory.CreateDirectory(Inside(path)).FullName;
            if ((string?)volumes[name]!["configMap"]?["name"] is { } map)
            {
                var content = Deployments.Of(folder).Single(o => o.Kind == "ConfigMap" && o.Name == map).At("data");
                Project(inside, (JsonObject)content!);
            }
        }
    }

    /// <summary>The folder that stands for one of the container's.</summary>
    public string Inside(string path) => Path.Combine(_folder.FullName, path.TrimStart('/'));

    /// <summary>The container's variables: those of Secrets as given, the others as they stand, with the folders of the test.</summary>
    /// <param name="given">Values instead of, or beside, those of the manifest.</param>
    public Dictionary<string, string> Environment(params (string Name, string Value)[] given)
    {
        string[] folders = [Wiring.Folders.Configuration, Wiring.Folders.Secrets, Wiring.Folders.Data];
        var environment = _workload.Environment
            .Where(static pair => pair.Value is not null)
            .ToDictionary(static pair => pair.Key, pair => folders.FirstOrDefault(
                f => pair.Value == f || pair.Value!.StartsWith(f + "/", StringComparison.Ordinal)) is null
                ? pair.Value!
                : Inside(pair.Value!));
        foreach (var (name, value) in given)
        {
            environment[name] = value;
        }

        return environment;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // As a kubelet writes it, so that it can swap all files at once: links to links.
    private static void Project(string folder, JsonObject content)
    {
        var version = Directory.CreateDirectory(Path.Combine(folder, "..2026_01_01_00_00_00.1")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(folder, "..data"), Path.GetFileName(version));
        foreach (var (name, text) in content)
        {
            File.WriteAllText(Path.Combine(version, name), (string)text!);
            File.CreateSymbolicLink(Path.Combine(folder, name), Path.Combine("..data", name));
        }
    }
}
