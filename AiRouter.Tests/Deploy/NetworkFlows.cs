using System.Net;
using System.Text.Json.Nodes;

namespace AiRouter.Tests.Deploy;

/// <summary>What the network policies among some objects let through, as Kubernetes defines them: a pod that no policy of a direction
/// selects is open in it, else the rules of all that select it add up.</summary>
internal sealed class NetworkFlows(IReadOnlyList<KubernetesObject> objects)
{
    /// <summary>Whether a pod of a workload takes a connection to one of its ports.</summary>
    public bool MayEnter(string workload, NetworkPeer from, int port) =>
        Allows("Ingress", "ingress", "from", workload, from, port, "TCP");

    /// <summary>Whether a pod of a workload may connect to a port somewhere.</summary>
    public bool MayLeave(string workload, NetworkPeer to, int port, string protocol = "TCP") =>
        Allows("Egress", "egress", "to", workload, to, port, protocol);

    /// <summary>Whether one workload may talk to another: out of the one and into the other.</summary>
    public bool MayTalk(string from, string to, int port) =>
        MayLeave(from, Pod(to), port) && MayEnter(to, Pod(from), port);

    /// <summary>A pod of a workload, seen by others in its namespace.</summary>
    public NetworkPeer Pod(string workload) => new(LabelsOf(workload), null, null);

    private bool Allows(
        string type, string rules, string peers, string workload, NetworkPeer peer, int port, string protocol)
    {
        var labels = LabelsOf(workload);
        var policies = objects
            .Where(o => o.Kind == "NetworkPolicy" && ((JsonArray)o.At("spec.policyTypes")!).Any(t => (string?)t == type))
            .Where(o => Matches(o.At("spec.podSelector"), labels))
            .ToList();
        return policies.Count == 0 || policies
            .SelectMany(o => (o.At($"spec.{rules}") as JsonArray ?? []).OfType<JsonObject>())
            .Any(rule => Matches(rule[peers] as JsonArray, peer) && Matches(rule["ports"] as JsonArray, port, protocol));
    }

    private JsonObject LabelsOf(string workload) => (JsonObject)objects
        .Single(o => o.Kind is "Deployment" or "StatefulSet" && o.Name == workload)
        .At("spec.template.metadata.labels")!;

    private static bool Matches(JsonArray? peers, NetworkPeer peer) =>
        peers is null || peers.OfType<JsonObject>().Any(one => Matches(one, peer));

    private static bool Matches(JsonObject one, NetworkPeer peer)
    {
        if (one["ipBlock"] is { } block)
        {
            return peer.Address is { } address && Contains(block["cidr"]!, address)
                && !(block["except"] as JsonArray ?? []).Any(except => Contains(except!, address));
        }

        if (peer.Address is not null)
        {
            return false;
        }

        var isInPlace = one["namespaceSelector"] is { } selector
            ? Matches(selector, peer.NamespaceLabels ?? [])
            : peer.NamespaceLabels is null;
        return isInPlace && (one["podSelector"] is not { } pods || Matches(pods, peer.Labels));
    }

    private static bool Matches(JsonArray? ports, int port, string protocol) =>
        ports is null || ports.OfType<JsonObject>().Any(one =>
            (int)(long)one["port"]! == port && ((string?)one["protocol"] ?? "TCP") == protocol);

    private static bool Contains(JsonNode block, IPAddress address) => IPNetwork.Parse((string)block!).Contains(address);

    /// <summary>Whether a label selector matches.</summary>
    public static bool Matches(JsonNode? selector, JsonObject labels)
    {
        var equal = (selector?["matchLabels"] as JsonObject ?? []).All(pair => (string?)labels[pair.Key] == (string?)pair.Value);
        return equal && (selector?["matchExpressions"] as JsonArray ?? []).OfType<JsonObject>().All(one =>
        {
            Assert.Equal("In", (string?)one["operator"]);
            return ((JsonArray)one["values"]!).Any(v => (string?)v == (string?)labels[(string)one["key"]!]);
        });
    }
}
