using AiRouter.AppHost.Topology;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace AiRouter.AppHost.Aspire.Publishing.Kubernetes;

/// <summary>What pods may not do, and what they get.</summary>
internal static class PodExtensions
{
    /// <summary>The pods of a resource.</summary>
    public static PodSpecV1 Pod(this KubernetesResource resource) => resource.Workload!.PodTemplate.Spec;

    /// <summary>The one container of a pod.</summary>
    public static ContainerV1 Container(this PodSpecV1 pod) => pod.Containers[0];

    /// <summary>The labels by which a resource's pods are found. A copy: the same object twice would be an alias in YAML.</summary>
    public static LabelSelectorV1 Selector(this KubernetesResource resource) =>
        new(new Dictionary<string, string>(resource.Workload!.PodTemplate.Metadata.Labels));

    /// <summary>As a user without privileges, without a word with Kubernetes.</summary>
    public static void RunAs(this PodSpecV1 pod, long user)
    {
        pod.AutomountServiceAccountToken = false;
        pod.EnableServiceLinks = false;
        pod.SecurityContext = new PodSecurityContextV1
        {
            RunAsNonRoot = true,
            RunAsUser = user,
            RunAsGroup = user,
            FsGroup = user,
            FsGroupChangePolicy = "OnRootMismatch",
            SeccompProfile = new SeccompProfileV1 { Type = "RuntimeDefault" },
        };
        pod.Container().SecurityContext = new SecurityContextV1
        {
            AllowPrivilegeEscalation = false,
            Capabilities = new CapabilitiesV1 { Drop = { "ALL" } },
        };
    }

    /// <summary>On a root file system that cannot be written to.</summary>
    public static void HasReadOnlyRoot(this PodSpecV1 pod) => pod.Container().SecurityContext!.ReadOnlyRootFilesystem = true;

    /// <summary>What a container is promised, and the most memory that it gets. CPU has no limit: to be throttled is a pause in every
    /// stream.</summary>
    public static void Gets(this ContainerV1 container, string cpu, string memory, string memoryLimit) =>
        container.Resources = new ResourceRequirementsV1
        {
            Requests = { ["cpu"] = cpu, ["memory"] = memory },
            Limits = { ["memory"] = memoryLimit },
        };

    /// <summary>A folder that can be written to and goes with the pod.</summary>
    public static void HasFolder(this PodSpecV1 pod, string name, string path, string size, string? medium = null) => pod.Mount(
        new VolumeV1 { Name = name, EmptyDir = new EmptyDirVolumeSourceV1 { Medium = medium, SizeLimit = size } }, path);

    /// <summary>A volume in the container.</summary>
    public static void Mount(this PodSpecV1 pod, VolumeV1 volume, string path, bool isReadOnly = false)
    {
        pod.Volumes.Add(volume);
        pod.Container().VolumeMounts.Add(
            new VolumeMountV1 { Name = volume.Name, MountPath = path, ReadOnly = isReadOnly ? true : null });
    }

    /// <summary>One of our own processes, which stops when nobody sends requests any more (after <c>preStop</c>) and those under way
    /// have ended (<c>server.drainSeconds</c> and 23 s).</summary>
    public static void IsOurs(this PodSpecV1 pod)
    {
        pod.RunAs(Wiring.Images.User);
        pod.HasReadOnlyRoot();
        pod.HasFolder("tmp", "/tmp", "256Mi");
        pod.Container().CorrectProbes();
    }

    /// <summary>Aspire writes <c>scheme: "http"</c>; Kubernetes knows only <c>HTTP</c> and refuses the pod.</summary>
    public static void CorrectProbes(this ContainerV1 container)
    {
        foreach (var probe in (ProbeV1?[])[container.StartupProbe, container.LivenessProbe, container.ReadinessProbe])
        {
            if (probe?.HttpGet is { Scheme: { } scheme } request)
            {
                request.Scheme = scheme.ToUpperInvariant();
            }
        }
    }

    /// <summary>Makes new pods when variables or secrets change, which those that run do not see.</summary>
    public static void RestartOnChange(this KubernetesResource resource, string name)
    {
        var annotations = resource.Workload!.PodTemplate.Metadata.Annotations;
        annotations["checksum/secrets"] = "{{ .Values.secrets | toJson | sha256sum }}";
        annotations["checksum/config"] = $"{{{{ .Values.config.{name} | toJson | sha256sum }}}}";
    }

    /// <summary>The configuration, which the router follows and Admin reads prompt formats in.</summary>
    public static void HasConfiguration(this PodSpecV1 pod) => pod.Mount(
        new VolumeV1 { Name = "config", ConfigMap = new ConfigMapVolumeSourceV1 { Name = ChartFiles.ConfigurationName } },
        Wiring.Folders.Configuration,
        isReadOnly: true);

    /// <summary>A claim that stays when the chart goes.</summary>
    public static PersistentVolumeClaim Claim(string name, string size, string? storageClass) => new()
    {
        Metadata = { Name = name, Annotations = { ["helm.sh/resource-policy"] = "keep" } },
        Spec = new PersistentVolumeClaimSpecV1
        {
            StorageClassName = storageClass!,
            AccessModes = { "ReadWriteOnce" },
            Resources = new VolumeResourceRequirementsV1 { Requests = { ["storage"] = size } },
        },
    };
}
