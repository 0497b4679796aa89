using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace AiRouter.AppHost.Aspire.Publishing.Kubernetes;

/// <summary>Who may come in. Probes and port-forward come from the node, which no policy keeps out.</summary>
internal sealed class NetworkPolicy() : BaseKubernetesResource("networking.k8s.io/v1", "NetworkPolicy")
{
    private const string Component = "app.kubernetes.io/component";

    /// <summary>Whose pods, and from where.</summary>
    public required NetworkPolicySpec Spec { get; init; }

    /// <summary>For the pods of a resource: only what the rules say comes in; without any nobody.</summary>
    public static NetworkPolicy For(KubernetesResource resource, string name, params IReadOnlyList<NetworkRule> rules) => new()
    {
        Metadata = { Name = $"{name}-network-policy" },
        Spec = new NetworkPolicySpec(resource.Selector(), ["Ingress"], rules),
    };

    /// <summary>From the pods of other resources of the chart, to a port.</summary>
    public static NetworkRule From(KubernetesResource resource, int port, params IReadOnlyList<string> others) => new(
        [.. others.Select(other => new NetworkPeer(PodSelector: SelectorOf(resource, other)))], [new NetworkPort(port)]);

    /// <summary>From anywhere, to a port.</summary>
    public static NetworkRule FromAnywhere(int port) => new(null, [new NetworkPort(port)]);

    private static LabelSelectorV1 SelectorOf(KubernetesResource resource, string other)
    {
        var selector = resource.Selector();
        selector.MatchLabels[Component] = other;
        return selector;
    }
}

/// <summary><c>spec</c> of a <see cref="NetworkPolicy"/>.</summary>
/// <param name="PodSelector">Whose pods.</param>
/// <param name="PolicyTypes">In which direction.</param>
/// <param name="Ingress">What comes in.</param>
internal sealed record NetworkPolicySpec(LabelSelectorV1 PodSelector, IReadOnlyList<string> PolicyTypes, IReadOnlyList<NetworkRule> Ingress);

/// <summary>One way in.</summary>
/// <param name="From">From where; null: from anywhere.</param>
/// <param name="Ports">Whereto.</param>
internal sealed record NetworkRule(IReadOnlyList<NetworkPeer>? From, IReadOnlyList<NetworkPort> Ports);

/// <summary>Where something comes from.</summary>
/// <param name="PodSelector">From which pods of this namespace.</param>
internal sealed record NetworkPeer(LabelSelectorV1 PodSelector);

/// <summary>A port of a pod.</summary>
/// <param name="Port">Its number.</param>
internal sealed record NetworkPort(int Port);
