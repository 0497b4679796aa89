using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AiRouter.Tests.Deploy;

/// <summary>That the objects of a folder fit together. Schemas do not see this; a cluster refuses some of it, and waits for ever for
/// the rest.</summary>
public sealed partial class ReferenceTests
{
    // What the operator makes (docs/deploy/kubernetes.md), and what the cluster has.
    private static readonly string[] GivenSecrets = ["airouter", "airouter-backends", "inference-secrets"];

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void Names_are_unique_and_those_of_DNS(string folder)
    {
        var names = Deployments.Of(folder).Select(static o => (o.ApiVersion, o.Kind, o.Name)).ToList();

        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(names, static name => Assert.Matches(DnsLabel(), name.Name));
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void Everything_is_in_the_namespace(string folder)
    {
        var spaces = Deployments.Of(folder).Where(static o => o.Kind != "Namespace").Select(static o => o.Text("metadata.namespace"));

        Assert.NotNull(Assert.Single(spaces.Distinct()));
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void Selectors_select_one_workload(string folder)
    {
        var workloads = Deployments.Workloads(folder).ToList();
        Assert.All(workloads, w => Assert.Equal([w.Name], Selected(folder, w.At("spec.selector"))));
        Assert.All(Of(folder, "Service"), service =>
            Assert.Equal([service.Name], Selected(folder, new JsonObject { ["matchLabels"] = service.At("spec.selector")!.DeepClone() })));
        Assert.All(Of(folder, "PodDisruptionBudget"), budget =>
            Assert.Equal([budget.Name], Selected(folder, budget.At("spec.selector"))));
        Assert.All(
            Of(folder, "NetworkPolicy"), policy => Assert.NotEmpty(Selected(folder, policy.At("spec.podSelector"))));
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void Ports_of_services_and_probes_are_those_of_containers(string folder)
    {
        foreach (var service in Of(folder, "Service"))
        {
            var ports = Deployments.Workload(folder, service.Name).Ports;
            var said = ((JsonArray)service.At("spec.ports")!)
                .ToDictionary(static p => (string)p!["name"]!, static p => ((string)p!["targetPort"]!, (int)(long)p["port"]!));
            Assert.Equal(ports.ToDictionary(static p => p.Key, static p => (p.Key, p.Value)), said);
        }

        foreach (var workload in Deployments.Workloads(folder).Select(static o => new Workload(o)))
        {
            var probes = new[] { "startupProbe", "livenessProbe", "readinessProbe" }.Select(p => workload.Container[p]!).ToList();
            Assert.All(probes, probe =>
            {
                Assert.NotNull(probe);
                var port = probe["httpGet"]?["port"] ?? probe["tcpSocket"]?["port"];
                Assert.True(port is null ? probe["exec"] is not null : workload.Ports.ContainsKey((string)port!));
            });
        }
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void Mounts_have_volumes_and_volumes_have_what_they_name(string folder)
    {
        foreach (var item in Deployments.Workloads(folder))
        {
            var workload = new Workload(item);
            var volumes = ((workload.Pod["volumes"] as JsonArray ?? []).Concat(
                (item.At("spec.volumeClaimTemplates") as JsonArray ?? []).Select(static c => c!["metadata"]))).ToList();

            Assert.Equal(volumes.Select(static v => (string)v!["name"]!).Order(), workload.Mounts.Values.Order());
            Assert.All(volumes, volume =>
            {
                AssertThere(folder, "ConfigMap", volume!["configMap"]?["name"]);
                AssertThere(folder, "PersistentVolumeClaim", volume["persistentVolumeClaim"]?["claimName"]);
                AssertGiven(volume["secret"]?["secretName"]);
            });
            Assert.All(workload.Secrets.Values, static secret => AssertGiven(secret.Secret));
            AssertThere(folder, "ServiceAccount", workload.Pod["serviceAccountName"]);
            AssertThere(folder, "Service", item.At("spec.serviceName"));
        }
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void Autoscaler_and_ingress_lead_to_what_is_there(string folder)
    {
        var scaler = Assert.Single(Of(folder, "HorizontalPodAutoscaler"));
        var target = Deployments.Workload(folder, scaler.Text("spec.scaleTargetRef.name")!);
        Assert.Equal("Deployment", scaler.Text("spec.scaleTargetRef.kind"));

        // Utilization is of the request; and replicas in the Deployment would undo the autoscaler's at each apply.
        Assert.NotNull(target.Text("resources.requests.cpu"));
        Assert.Null(target.Object.At("spec.replicas"));

        Assert.All(Of(folder, "Ingress"), ingress => Assert.All((JsonArray)ingress.At("spec.rules")!, rule =>
            Assert.All((JsonArray)rule!["http"]!["paths"]!, path =>
            {
                var service = path!["backend"]!["service"]!;
                Assert.Contains((string)service["port"]!["name"]!, Deployments.Workload(folder, (string)service["name"]!).Ports);
            })));
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void Addresses_in_variables_are_those_of_services(string folder)
    {
        var services = Of(folder, "Service").Select(static o => o.Name).ToHashSet();
        var addresses = Deployments.Workloads(folder)
            .SelectMany(static o => new Workload(o).Environment)
            .Where(static pair => pair.Key.StartsWith("services__", StringComparison.Ordinal))
            .Select(static pair => new Uri(pair.Value!));

        Assert.All(addresses, address =>
        {
            Assert.Contains(address.Host, services);
            Assert.Contains(address.Port, Deployments.Workload(folder, address.Host).Ports.Values);
        });
    }

    private static IEnumerable<KubernetesObject> Of(string folder, string kind) =>
        Deployments.Of(folder).Where(o => o.Kind == kind);

    private static IEnumerable<string> Selected(string folder, JsonNode? selector) => Deployments.Workloads(folder)
        .Where(w => NetworkFlows.Matches(selector, (JsonObject)w.At("spec.template.metadata.labels")!))
        .Select(static w => w.Name);

    private static void AssertThere(string folder, string kind, JsonNode? name)
    {
        if (name is not null)
        {
            Assert.Contains((string)name!, Of(folder, kind).Select(static o => o.Name));
        }
    }

    private static void AssertGiven(JsonNode? secret)
    {
        if (secret is not null)
        {
            Assert.Contains((string)secret!, GivenSecrets);
        }
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    private static partial Regex DnsLabel();
}
