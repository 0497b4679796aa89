using System.Globalization;
using AiRouter.AppHost.Topology;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace AiRouter.AppHost.Aspire.Publishing.Kubernetes;

/// <summary>NVIDIA's container on nodes with GPUs, or the simulator in its place.</summary>
internal static class TritonWorkload
{
    /// <summary>The user <c>triton-server</c> of NVIDIA's images.</summary>
    private const int User = 1000;

    /// <summary>As the device plugin calls them, and as the GPU operator labels and taints nodes.</summary>
    private const string Gpu = "nvidia.com/gpu";

    private const string OwnClaim = "triton-models";

    /// <summary>Makes of Aspire's Deployment ours.</summary>
    public static void Complete(KubernetesResource triton, PublishOptions options)
    {
        var deployment = (Deployment)triton.Workload!;
        var pod = triton.Pod();
        var container = pod.Container();

        // Its root file system stays writable: backends write where they please, caches into the home folder.
        pod.RunAs(User);
        pod.TerminationGracePeriodSeconds = PublishedModel.TritonExitSeconds + 30;
        pod.HasFolder("temporary", "/tmp", "20Gi");
        container.CorrectProbes();
        container.Gets(cpu: "4", memory: "32Gi", memoryLimit: "64Gi");

        // Python models and several GPUs talk through it; what is in it counts as memory of the container.
        pod.HasFolder("shared-memory", "/dev/shm", "4Gi", medium: "Memory");
        if (options.Gpus > 0)
        {
            var gpus = options.Gpus.ToString(CultureInfo.InvariantCulture);
            container.Resources!.Requests[Gpu] = gpus;
            container.Resources.Limits[Gpu] = gpus;
            pod.NodeSelector[$"{Gpu}.present"] = "true";
            pod.Tolerations.Add(new TolerationV1 { Key = Gpu, Operator = "Exists", Effect = "NoSchedule" });
        }

        // A second one beside the first would wait for a GPU for ever.
        deployment.Spec.Strategy = new DeploymentStrategyV1 { Type = "Recreate", RollingUpdate = null! };

        var models = new PersistentVolumeClaimVolumeSourceV1 { ClaimName = options.ModelsClaim ?? OwnClaim };
        pod.Mount(new VolumeV1 { Name = "models", PersistentVolumeClaim = models }, Wiring.Folders.Models);
        if (options.ModelsClaim is null)
        {
            triton.AdditionalResources.Add(PodExtensions.Claim(OwnClaim, options.ModelsSize, options.StorageClass));
        }

        triton.Restrict(options);
    }

    /// <summary>Makes of Aspire's Deployment of the simulator ours.</summary>
    public static void CompleteSimulator(KubernetesResource simulator, PublishOptions options)
    {
        var pod = simulator.Pod();
        pod.IsOurs();
        pod.Container().Gets(cpu: "100m", memory: "128Mi", memoryLimit: "512Mi");
        simulator.Restrict(options);
    }

    private static void Restrict(this KubernetesResource triton, PublishOptions options)
    {
        triton.AdditionalResources.Add(NetworkPolicy.For(
            triton,
            Wiring.Resources.Triton,
            NetworkPolicy.From(triton, Wiring.Ports.TritonGrpc, Wiring.Resources.Api, Wiring.Resources.Admin),
            options.ServiceMonitor
                ? NetworkPolicy.FromAnywhere(Wiring.Ports.TritonMetrics)
                : NetworkPolicy.From(triton, Wiring.Ports.TritonMetrics, Wiring.Resources.Api)));
        if (options.ServiceMonitor)
        {
            triton.AdditionalResources.Add(ServiceMonitor.For(triton, Wiring.Resources.Triton, Wiring.Endpoints.Metrics));
        }
    }
}
