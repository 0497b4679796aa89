using AiRouter.AppHost.Topology;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace AiRouter.AppHost.Aspire.Publishing.Kubernetes;

/// <summary>The router's Deployment, and what belongs to it: configuration, autoscaler, disruption budget, monitor.</summary>
internal static class ApiWorkload
{
    /// <summary>For how many seconds the stop signal waits: in them the cluster learns that nobody may send any more requests.</summary>
    private const int StopDelay = 10;

    /// <summary>Credentials of backends, a file each, for <c>apiKey: file:NAME</c>.</summary>
    private const string BackendSecrets = "airouter-backends";

    /// <summary>Makes of Aspire's Deployment ours.</summary>
    public static void Complete(KubernetesResource api, PublishOptions options, ChartSecrets secrets)
    {
        var deployment = (Deployment)api.Workload!;
        var pod = api.Pod();
        pod.IsOurs();
        pod.Container().Gets(cpu: "500m", memory: "512Mi", memoryLimit: "2Gi");
        pod.HasFolder("data", Wiring.Folders.Data, "8Gi");
        pod.HasConfiguration();
        pod.Mount(
            new VolumeV1 { Name = "secrets", Secret = new SecretVolumeSourceV1 { SecretName = BackendSecrets, Optional = true } },
            Wiring.Folders.Secrets,
            isReadOnly: true);
        StopGracefully(pod);
        Spread(pod, api);

        // The autoscaler has the say over how many there are, and a new version takes no place away.
        deployment.Spec.Replicas = null;
        deployment.Spec.MinReadySeconds = 5;
        deployment.Spec.Strategy.RollingUpdate = new RollingUpdateDeploymentV1 { MaxSurge = 1, MaxUnavailable = 0 };

        secrets.GiveTo(api, Wiring.Variables.Redis, Wiring.Variables.EncryptionKey);
        api.RestartOnChange(Wiring.Resources.Api);
        api.AdditionalResources.Add(ChartFiles.ConfigMap());
        api.AdditionalResources.Add(Autoscaler(deployment, options));
        api.AdditionalResources.Add(new PodDisruptionBudget
        {
            Metadata = { Name = $"{Wiring.Resources.Api}-pdb" },
            Spec = new DisruptionBudgetSpec(1, "AlwaysAllow", api.Selector()),
        });
        if (options.ServiceMonitor)
        {
            api.AdditionalResources.Add(ServiceMonitor.For(api, Wiring.Resources.Api, Wiring.Endpoints.Http));
        }
    }

    private static void StopGracefully(PodSpecV1 pod)
    {
        // More than everything that comes one after the other, and the 23 s in which all else ends.
        pod.TerminationGracePeriodSeconds = StopDelay + PublishedModel.DrainSeconds + 50;
        pod.Container().Lifecycle = new LifecycleV1
        {
            // The constructor makes the other kinds of handler too, and only one is allowed.
            PreStop = new LifecycleHandlerV1
            {
                Sleep = new SleepActionV1 { Seconds = StopDelay },
                Exec = null!,
                HttpGet = null!,
                TcpSocket = null!,
            },
        };
    }

    private static void Spread(PodSpecV1 pod, KubernetesResource api)
    {
        foreach (var topology in (string[])["kubernetes.io/hostname", "topology.kubernetes.io/zone"])
        {
            pod.TopologySpreadConstraints.Add(new TopologySpreadConstraintV1
            {
                MaxSkew = 1,
                TopologyKey = topology,
                WhenUnsatisfiable = "ScheduleAnyway",
                LabelSelector = api.Selector(),
            });
        }
    }

    // Each router that goes has two minutes to end its streams: slowly.
    private static HorizontalPodAutoscaler Autoscaler(Deployment deployment, PublishOptions options) => new()
    {
        Metadata = { Name = $"{Wiring.Resources.Api}-hpa" },
        Spec = new AutoscalerSpec(
            new ScaleTarget(deployment.ApiVersion!, deployment.Kind!, deployment.Metadata.Name),
            options.MinReplicas,
            options.MaxReplicas,
            [new AutoscalerMetric("Resource", new ResourceMetric("cpu", new UtilizationTarget("Utilization", 70)))],
            new AutoscalerBehavior(
                new ScalingRules(null, [new ScalingPolicy("Percent", 100, 30)]),
                new ScalingRules(600, [new ScalingPolicy("Pods", 1, 120)]))),
    };
}
