using System.Text.Json.Nodes;
using AiRouter.AppHost.Topology;

namespace AiRouter.Tests.Deploy;

/// <summary>The Pod Security Standard "restricted", which the namespace enforces, and R36.</summary>
public sealed class PodSecurityTests
{
    private static readonly string[] Volumes =
        ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];

    /// <summary>Whose images are ours, or known to write to their volumes only.</summary>
    private static readonly string[] ReadOnly = ["airouter-api", "airouter-admin", "airouter-simulator", "redis"];

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void Pods_are_restricted(string folder)
    {
        Assert.All(Workloads(folder), static workload =>
        {
            Assert.Equal("true", workload.Pod["securityContext"]!["runAsNonRoot"]!.ToString());
            Assert.NotEqual("0", workload.Pod["securityContext"]!["runAsUser"]!.ToString());
            Assert.Equal("RuntimeDefault", workload.Pod["securityContext"]!["seccompProfile"]!["type"]!.ToString());
            Assert.Equal("false", workload.Text("securityContext.allowPrivilegeEscalation"));
            Assert.Equal("""["ALL"]""", workload.Container["securityContext"]!["capabilities"]!["drop"]!.ToJsonString());
            Assert.All(
                workload.Pod["volumes"] as JsonArray ?? [],
                static volume => Assert.Contains(Assert.Single((JsonObject)volume!, static m => m.Key != "name").Key, Volumes));
            Assert.DoesNotContain(
                workload.Pod, static m => m.Key is "hostNetwork" or "hostPID" or "hostIPC" or "initContainers");
            Assert.DoesNotContain((JsonArray)workload.Container["ports"]!, static port => port!["hostPort"] is not null);
        });
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void Pods_get_no_token_and_no_variables_of_services(string folder)
    {
        Assert.All(Workloads(folder), static workload =>
        {
            Assert.Equal("false", workload.Pod["automountServiceAccountToken"]!.ToString());
            Assert.Equal("false", workload.Pod["enableServiceLinks"]!.ToString());
        });
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void R36_root_file_system_is_read_only_and_the_state_folder_is_a_volume(string folder)
    {
        Assert.All(
            Workloads(folder).Where(static w => ReadOnly.Contains(w.Text("image")!.Split('/')[^1].Split(':')[0])),
            static workload => Assert.Equal("true", workload.Text("securityContext.readOnlyRootFilesystem")));
        Assert.All(Workloads(folder).Where(static w => w.Environment.ContainsKey(Wiring.Variables.Data)), static workload =>
        {
            Assert.Equal($"{Wiring.Images.User}", workload.Pod["securityContext"]!["runAsUser"]!.ToString());
            Assert.Equal($"{Wiring.Images.User}", workload.Pod["securityContext"]!["fsGroup"]!.ToString());
            Assert.Equal(Wiring.Folders.Data, workload.Environment[Wiring.Variables.Data]);
            Assert.NotNull(Volume(workload, Wiring.Folders.Data)["emptyDir"]);
        });
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void Credentials_are_in_Secrets_only(string folder)
    {
        string[] secret =
            [Wiring.Variables.Redis, Wiring.Variables.AdminKey, Wiring.Variables.EncryptionKey, "REDIS_PASSWORD", "REDISCLI_AUTH"];

        Assert.DoesNotContain(Deployments.Of(folder), static o => o.Kind == "Secret");
        Assert.All(
            Workloads(folder).SelectMany(static w => w.Environment).Where(v => secret.Contains(v.Key)), static v => Assert.Null(v.Value));
    }

    private static IEnumerable<Workload> Workloads(string folder) => Deployments.Workloads(folder).Select(static o => new Workload(o));

    private static JsonNode Volume(Workload workload, string path) =>
        ((JsonArray)workload.Pod["volumes"]!).Single(v => (string)v!["name"]! == workload.Mounts[path])!;
}
