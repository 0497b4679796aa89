using AiRouter.AppHost.Topology;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace AiRouter.AppHost.Aspire.Publishing.Kubernetes;

/// <summary>Tells the Prometheus operator what to scrape.</summary>
internal sealed class ServiceMonitor() : BaseKubernetesResource("monitoring.coreos.com/v1", "ServiceMonitor")
{
    /// <summary>Which services, and where.</summary>
    public required ServiceMonitorSpec Spec { get; init; }

    /// <summary>For the metrics at one port of a resource's service.</summary>
    public static ServiceMonitor For(KubernetesResource resource, string name, string port) => new()
    {
        Metadata = { Name = $"{name}-monitor" },
        Spec = new ServiceMonitorSpec(resource.Selector(), [new ScrapedEndpoint(port, Wiring.Paths.Metrics, "15s")]),
    };
}

/// <summary><c>spec</c> of a <see cref="ServiceMonitor"/>.</summary>
/// <param name="Selector">The labels of services.</param>
/// <param name="Endpoints">Where their metrics are.</param>
internal sealed record ServiceMonitorSpec(LabelSelectorV1 Selector, IReadOnlyList<ScrapedEndpoint> Endpoints);

/// <summary>A page of metrics.</summary>
/// <param name="Port">The name of the service's port.</param>
/// <param name="Path">Its path.</param>
/// <param name="Interval">How often.</param>
internal sealed record ScrapedEndpoint(string Port, string Path, string Interval);
