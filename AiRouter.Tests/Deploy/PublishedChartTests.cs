using System.Text;
using System.Text.Json.Nodes;
using AiRouter.AppHost.Topology;

namespace AiRouter.Tests.Deploy;

/// <summary>The Helm charts that the AppHost publishes: as Kubernetes and <see cref="Wiring"/> want them.</summary>
public sealed class PublishedChartTests
{
    private const string Full = "kubernetes";
    private const string Existing = "kubernetes-simulator";

    private static readonly KeyValuePair<string, string>[] _secrets =
    [
        new("admin.admin_key", "admin"),
        new("admin.encryption_key", "encryption"),
        new("redis.redis_password", "pass\"word"),
    ];

    [Theory]
    [MemberData(nameof(PublishedFiles.Charts), MemberType = typeof(PublishedFiles))]
    public async Task Every_object_is_one_that_Kubernetes_takes(string chart) =>
        await KubernetesSchemas.AssertValidAsync(Objects(chart), TestContext.Current.CancellationToken);

    [Theory]
    [MemberData(nameof(PublishedFiles.Charts), MemberType = typeof(PublishedFiles))]
    public void Probes_have_a_scheme_that_Kubernetes_knows_and_a_port_that_is_listened_at(string chart)
    {
        string[] probes = ["startupProbe", "livenessProbe", "readinessProbe"];
        Assert.All(Workloads(chart), w => Assert.All(probes, probe =>
        {
            if (w.Text($"{probe}.httpGet.port") is { } port)
            {
                Assert.Equal("HTTP", w.Text($"{probe}.httpGet.scheme"));
                Assert.Contains(port, w.Ports.Values.Select(static p => $"{p}"));
            }
        }));
    }

    [Theory]
    [MemberData(nameof(PublishedFiles.Charts), MemberType = typeof(PublishedFiles))]
    public void Ports_paths_and_variables_are_those_of_all_other_forms(string chart)
    {
        Dictionary<string, int> triton = new()
        {
            [Wiring.Endpoints.Http] = Wiring.Ports.TritonHttp,
            [Wiring.Endpoints.Grpc] = Wiring.Ports.TritonGrpc,
            [Wiring.Endpoints.Metrics] = Wiring.Ports.TritonMetrics,
        };
        var (api, admin) = (Workload(chart, Wiring.Resources.Api), Workload(chart, Wiring.Resources.Admin));
        Assert.Equal(new Dictionary<string, int> { [Wiring.Endpoints.Http] = Wiring.Ports.Api }, api.Ports);
        Assert.Equal(new Dictionary<string, int> { [Wiring.Endpoints.Http] = Wiring.Ports.Admin }, admin.Ports);
        Assert.Equal(triton, Workload(chart, Wiring.Resources.Triton).Ports);
        Assert.All((Workload[])[api, admin], static w => Assert.Equal(
            (Wiring.Paths.Live, Wiring.Paths.Ready),
            (w.Text("livenessProbe.httpGet.path"), w.Text("readinessProbe.httpGet.path"))));

        var settings = Settings(chart, Wiring.Resources.Api);
        Assert.Equal($"{Wiring.Folders.Configuration}/airouter.yaml", settings[Wiring.Variables.Config]);
        Assert.Equal(Wiring.Folders.Data, settings[Wiring.Variables.Data]);
        Assert.Equal(Wiring.Folders.Secrets, settings[Wiring.Variables.SecretsFolder]);
        Assert.Equal("http://triton-service:8001", settings[Wiring.Variables.TritonGrpc]);
        Assert.Equal("http://api-service:3000", Settings(chart, Wiring.Resources.Admin)[Wiring.Variables.ApiHttp]);
        HashSet<string> folders = [Wiring.Folders.Configuration, Wiring.Folders.Data, Wiring.Folders.Secrets];
        Assert.Superset(folders, api.Mounts.Keys.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(PublishedFiles.Charts), MemberType = typeof(PublishedFiles))]
    public void R1_router_asks_for_keys_and_believes_nobody_who_he_is(string chart)
    {
        var settings = Settings(chart, Wiring.Resources.Api);

        Assert.Equal("required", settings[Wiring.Variables.Authentication]);
        Assert.DoesNotContain("ASPNETCORE_FORWARDEDHEADERS_ENABLED", settings);
    }

    [Theory]
    [MemberData(nameof(PublishedFiles.Charts), MemberType = typeof(PublishedFiles))]
    public void R4_only_the_OpenAI_API_can_be_reached_from_outside(string chart)
    {
        var objects = Objects(chart);

        Assert.All(
            objects.Where(static o => o.Kind == "Service"), static o => Assert.Equal("ClusterIP", o.Text("spec.type")));
        var ingress = Assert.Single(objects, static o => o.Kind == "Ingress");
        Assert.Equal(
            ("api-service", Wiring.Paths.OpenAi, "Prefix"),
            (ingress.Text("spec.rules.0.http.paths.0.backend.service.name"),
                ingress.Text("spec.rules.0.http.paths.0.path"),
                ingress.Text("spec.rules.0.http.paths.0.pathType")));
        Assert.Single((JsonArray)ingress.At("spec.rules")!);
        Assert.Single((JsonArray)ingress.At("spec.rules.0.http.paths")!);
        Assert.Equal("off", (string?)ingress.At("metadata.annotations")!["nginx.ingress.kubernetes.io/proxy-buffering"]);
        Assert.Null(objects.Single(static o => o.Name == "admin-network-policy").At("spec.ingress"));
        Assert.DoesNotContain(objects, static o => o.Name.Contains("dashboard", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(PublishedFiles.Charts), MemberType = typeof(PublishedFiles))]
    public void R36_pods_are_restricted_and_write_to_volumes_only(string chart) => Assert.All(Workloads(chart), static w =>
    {
        Assert.Equal("true", KubernetesObject.At(w.Pod, "securityContext.runAsNonRoot")!.ToString());
        Assert.Equal("RuntimeDefault", KubernetesObject.At(w.Pod, "securityContext.seccompProfile.type")!.ToString());
        Assert.Equal("false", w.Text("securityContext.allowPrivilegeEscalation"));
        Assert.Equal("ALL", w.Text("securityContext.capabilities.drop.0"));
        Assert.Equal("false", w.Pod["automountServiceAccountToken"]!.ToString());
        Assert.NotNull(w.Text("resources.limits.memory"));
        if (!w.Text("image")!.StartsWith(Wiring.Images.TritonRegistry, StringComparison.Ordinal))
        {
            Assert.Equal("true", w.Text("securityContext.readOnlyRootFilesystem"));
        }
    });

    [Fact]
    public void Secrets_are_given_once_each_and_all_required()
    {
        var secret = Objects(Full).Single(static o => o.Kind == "Secret");
        string Decoded(string key) =>
            Encoding.UTF8.GetString(Convert.FromBase64String((string)secret.At("data")![key]!));

        Assert.Equal("admin", Decoded(Wiring.Variables.AdminKey));
        Assert.Equal("redis-service:6379,password=pass\"word", Decoded(Wiring.Variables.Redis));
        Assert.All(_secrets, static missing => Assert.Contains(
            missing.Key,
            Assert.Throws<InvalidOperationException>(() =>
                HelmRendering.Render(PublishedFiles.Folder(Full), [.. _secrets.Except([missing])])).Message,
            StringComparison.Ordinal));
        Assert.DoesNotContain(Wiring.Variables.AdminKey, Workload(Full, Wiring.Resources.Api).Secrets);
    }

    [Fact]
    public void Existing_Secret_is_read_and_none_is_made()
    {
        var objects = Objects(Existing);

        Assert.DoesNotContain(objects, static o => o.Kind == "Secret" || o.Kind == "StatefulSet");
        Assert.Equal(
            (Secret: "own", Key: Wiring.Variables.Redis),
            Workload(Existing, Wiring.Resources.Api).Secrets[Wiring.Variables.Redis]);
    }

    [Theory]
    [MemberData(nameof(PublishedFiles.Charts), MemberType = typeof(PublishedFiles))]
    public void Autoscaler_has_the_say_and_the_pod_may_stop_as_slowly_as_the_router_does(string chart)
    {
        var api = Workload(chart, Wiring.Resources.Api);
        var autoscaler = Objects(chart).Single(static o => o.Kind == "HorizontalPodAutoscaler");
        var drain = int.Parse(Settings(chart, Wiring.Resources.Api)[Wiring.Variables.DrainSeconds]);

        Assert.Null(api.Object.At("spec.replicas"));
        Assert.Equal(api.Object.Name, autoscaler.Text("spec.scaleTargetRef.name"));
        Assert.True(int.Parse(api.Pod["terminationGracePeriodSeconds"]!.ToString())
            > int.Parse(api.Text("lifecycle.preStop.sleep.seconds")!) + drain + 23);
    }

    [Fact]
    public void Triton_gets_a_GPU_and_its_models_and_Redis_keeps_what_it_is_told()
    {
        var triton = Workload(Full, Wiring.Resources.Triton);
        Assert.Equal("1", triton.Container["resources"]!["limits"]!["nvidia.com/gpu"]!.ToString());
        Assert.Equal("true", triton.Pod["nodeSelector"]!["nvidia.com/gpu.present"]!.ToString());
        Assert.Equal($"{Wiring.Images.TritonRegistry}/{Wiring.Images.Triton}:{Wiring.Images.TritonTag}", triton.Text("image"));
        Assert.Contains(Wiring.Folders.Models, triton.Mounts);

        var redis = Workload(Full, Wiring.Resources.Redis);
        Assert.Equal("8Gi", redis.Object.Text("spec.volumeClaimTemplates.0.spec.resources.requests.storage"));
        Assert.Contains("--appendonly", redis.Container["args"]!.AsArray().Select(static a => (string)a!));
    }

    private static IReadOnlyList<KubernetesObject> Objects(string chart) =>
        HelmRendering.Render(PublishedFiles.Folder(chart), chart == Full ? _secrets : []);

    private static IEnumerable<Workload> Workloads(string chart) =>
        Objects(chart).Where(static o => o.Kind is "Deployment" or "StatefulSet").Select(static o => new Workload(o));

    private static Workload Workload(string chart, string name) =>
        Workloads(chart).Single(w => w.Object.Name == $"{name}-{w.Object.Kind.ToLowerInvariant()}");

    private static Dictionary<string, string> Settings(string chart, string name) =>
        ((JsonObject)Objects(chart).Single(o => o.Name == $"{name}-config").At("data")!)
        .ToDictionary(static setting => setting.Key, static setting => setting.Value!.ToString());
}
