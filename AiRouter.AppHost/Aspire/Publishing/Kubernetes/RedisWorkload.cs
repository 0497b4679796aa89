using System.Globalization;
using AiRouter.AppHost.Topology;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace AiRouter.AppHost.Aspire.Publishing.Kubernetes;

/// <summary>Redis' StatefulSet, on a claim of its own that stays when the chart goes.</summary>
internal static class RedisWorkload
{
    /// <summary>The user of Redis' own image.</summary>
    public const int User = 999;

    /// <summary>What <c>redis-cli</c> of the probes reads.</summary>
    private const string ClientPassword = "REDISCLI_AUTH";

    private const string Volume = "data";

    /// <summary>Makes of Aspire's StatefulSet ours.</summary>
    public static void Complete(KubernetesResource redis, PublishOptions options, ChartSecrets secrets)
    {
        var statefulSet = (StatefulSet)redis.Workload!;
        var pod = redis.Pod();
        var container = pod.Container();
        pod.RunAs(User);
        pod.HasReadOnlyRoot();
        pod.TerminationGracePeriodSeconds = 60;
        container.Gets(cpu: "250m", memory: "1Gi", memoryLimit: "2Gi");

        // Aspire passes all through a shell, which would read a password as words. Kubernetes puts it in as it is.
        container.Command.Clear();
        container.Args.Clear();
        container.Args.AddRange(
            ["redis-server", "--dir", "/data", .. PublishedModel.RedisSettings, "--requirepass", $"$({ChartSecrets.RedisPassword})"]);
        secrets.GiveTo(redis, ChartSecrets.RedisPassword);
        secrets.GiveAs(ClientPassword, ChartSecrets.RedisPassword, container);

        // While it reads its file it answers LOADING, an error: up to ten minutes.
        container.StartupProbe = Ping(failures: 120);
        container.ReadinessProbe = Ping(failures: 3);
        container.LivenessProbe = new ProbeV1
        {
            TcpSocket = new TcpSocketActionV1 { Port = Wiring.Ports.Redis },
            PeriodSeconds = 10,
            TimeoutSeconds = 5,
            FailureThreshold = 6,
        };

        statefulSet.Spec.ServiceName = redis.Service!.Metadata.Name;
        statefulSet.Spec.VolumeClaimTemplates.Add(PodExtensions.Claim(Volume, "8Gi", options.StorageClass));
        container.VolumeMounts.Add(new VolumeMountV1 { Name = Volume, MountPath = "/data" });
        statefulSet.Spec.Template.Metadata.Annotations["checksum/secrets"] = "{{ .Values.secrets | toJson | sha256sum }}";
        redis.AdditionalResources.Add(NetworkPolicy.For(
            redis,
            Wiring.Resources.Redis,
            NetworkPolicy.From(redis, Wiring.Ports.Redis, Wiring.Resources.Api, Wiring.Resources.Admin)));
    }

    private static ProbeV1 Ping(int failures) => new()
    {
        Exec = new ExecActionV1 { Command = { "redis-cli", "-e", "ping" } },
        PeriodSeconds = 5,
        TimeoutSeconds = 5,
        FailureThreshold = failures,
    };

    /// <summary>Where it answers, for StackExchange.Redis.</summary>
    public static string Address { get; } = string.Create(
        CultureInfo.InvariantCulture, $"{Wiring.Resources.Redis}-service:{Wiring.Ports.Redis}");
}
