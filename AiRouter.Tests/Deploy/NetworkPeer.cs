using System.Net;
using System.Text.Json.Nodes;

namespace AiRouter.Tests.Deploy;

/// <summary>The other end of a connection: a pod, or an address outside of the cluster.</summary>
/// <param name="Labels">Of the pod.</param>
/// <param name="NamespaceLabels">Of another namespace; null: the same one.</param>
/// <param name="Address">Outside of the cluster.</param>
internal sealed record NetworkPeer(JsonObject Labels, JsonObject? NamespaceLabels, IPAddress? Address)
{
    /// <summary>Any pod of a namespace with a label.</summary>
    public static NetworkPeer In(string label, string value) => new([], new JsonObject { [label] = value }, null);

    /// <summary>Any pod of the namespace of a name.</summary>
    public static NetworkPeer InNamespace(string name) => In("kubernetes.io/metadata.name", name);

    /// <summary>Some pod of the same namespace that is none of ours.</summary>
    public static NetworkPeer Stranger { get; } = new([], null, null);

    /// <summary>An address outside of the cluster.</summary>
    public static NetworkPeer At(string address) => new([], null, IPAddress.Parse(address));
}
