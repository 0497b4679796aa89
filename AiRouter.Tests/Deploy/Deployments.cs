using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Deploy;

/// <summary>What <c>deploy/kubernetes</c> offers to apply.</summary>
internal static class Deployments
{
    private const string Root = "deploy/kubernetes";

    private static readonly Dictionary<string, IReadOnlyList<KubernetesObject>> Rendered =
        Folders().ToDictionary(static folder => folder, Kustomization.Render);

    /// <summary>The folders that can be applied: the overlays, and the example of an overlay of one's own.</summary>
    public static TheoryData<string> All { get; } = [.. Folders()];

    /// <summary>Those with a store, and with it Admin.</summary>
    public static TheoryData<string> Stored { get; } = [.. Folders().Where(static folder => !folder.EndsWith("without-redis", StringComparison.Ordinal))];

    /// <summary>All objects of a folder.</summary>
    public static IReadOnlyList<KubernetesObject> Of(string folder) => Rendered[folder];

    /// <summary>The workloads of a folder: what has pods.</summary>
    public static IEnumerable<KubernetesObject> Workloads(string folder) =>
        Of(folder).Where(static o => o.Kind is "Deployment" or "StatefulSet");

    /// <summary>The workload of a name.</summary>
    public static Workload Workload(string folder, string name) =>
        new(Workloads(folder).Single(o => o.Name == name));

    private static IEnumerable<string> Folders() =>
        Directory.GetDirectories(Path.Combine(Checkout.Root, Root, "overlays"))
            .Append(Path.Combine(Checkout.Root, Root, "example"))
            .Select(static folder => Path.GetRelativePath(Checkout.Root, folder).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
}
