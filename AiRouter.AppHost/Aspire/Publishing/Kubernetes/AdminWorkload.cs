using AiRouter.AppHost.Topology;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace AiRouter.AppHost.Aspire.Publishing.Kubernetes;

/// <summary>Admin's Deployment, with the chart's Secret beside it. No ingress leads to it (R4).</summary>
internal static class AdminWorkload
{
    /// <summary>Makes of Aspire's Deployment ours.</summary>
    public static void Complete(KubernetesResource admin, ChartSecrets secrets)
    {
        var pod = admin.Pod();
        pod.IsOurs();
        pod.Container().Gets(cpu: "100m", memory: "256Mi", memoryLimit: "1Gi");
        pod.HasConfiguration();
        pod.TerminationGracePeriodSeconds = 60;
        ((Deployment)admin.Workload!).Spec.Strategy = new DeploymentStrategyV1 { Type = "Recreate", RollingUpdate = null! };
        secrets.GiveTo(admin, Wiring.Variables.Redis, Wiring.Variables.EncryptionKey, Wiring.Variables.AdminKey);
        admin.RestartOnChange(Wiring.Resources.Admin);
        admin.AdditionalResources.Add(NetworkPolicy.For(admin, Wiring.Resources.Admin));
        admin.Secret = secrets.Manifest(admin);
    }
}
