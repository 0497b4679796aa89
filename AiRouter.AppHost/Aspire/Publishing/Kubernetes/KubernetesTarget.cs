using AiRouter.AppHost.Topology;
using Aspire.Hosting.Kubernetes;

namespace AiRouter.AppHost.Aspire.Publishing.Kubernetes;

/// <summary>A Helm chart: what is Kubernetes' own about each resource, and what Aspire 13.5 writes wrongly, corrected.</summary>
internal static class KubernetesTarget
{
    private const string EnvironmentName = "k8s";

    /// <summary>Publishes the router as a Helm chart.</summary>
    public static void ForKubernetes(
        this IDistributedApplicationBuilder builder, PublishedRouter router, PublishOptions options, ConfigurationFile configuration)
    {
        var chart = builder.AddKubernetesEnvironment(EnvironmentName)
            .WithDashboard(options.Dashboard)
            .WithHelm(static helm => helm
                .WithChartName("airouter")
                .WithChartVersion(PublishedVersion.Text)
                .WithChartDescription("AiRouter: an OpenAI-compatible router in front of NVIDIA Triton")
                .WithReleaseName("airouter"));

        var secrets = new ChartSecrets(options.ExistingSecret, options.HasRedis);
        secrets.Declare(router);
        router.Api.PublishAsKubernetesService(api => ApiWorkload.Complete(api, options, secrets));
        router.Admin.PublishAsKubernetesService(admin => AdminWorkload.Complete(admin, secrets));
        router.Redis?.PublishAsKubernetesService(redis => RedisWorkload.Complete(redis, options, secrets));
        router.Triton?.PublishAsKubernetesService(triton => TritonWorkload.Complete(triton, options));
        router.Simulator?.PublishAsKubernetesService(triton => TritonWorkload.CompleteSimulator(triton, options));
        chart.AddPublicIngress(router.Api, options);
        builder.AddChartFiles(router, options, configuration, EnvironmentName);
    }

    // Only the OpenAI API: neither metrics and health nor Admin (R4).
    private static void AddPublicIngress(
        this IResourceBuilder<KubernetesEnvironmentResource> chart, IResourceBuilder<ProjectResource> api, PublishOptions options)
    {
        var endpoint = api.GetEndpoint(Wiring.Endpoints.Http);
        var ingress = chart.AddIngress("public").WithIngressClass(options.IngressClass);
        foreach (var (name, value) in IngressAnnotations.All)
        {
            ingress.WithIngressAnnotation(name, value);
        }

        if (options.Host is { } host)
        {
            // Not WithHostname, which gives a rule for all hosts.
            ingress.WithPath(host, Wiring.Paths.OpenAi, endpoint);
        }
        else
        {
            ingress.WithPath(Wiring.Paths.OpenAi, endpoint);
        }

        if (options.TlsSecret is { } certificate)
        {
            ingress.WithTls(certificate).WithHostname(options.Host!);
        }
    }
}
