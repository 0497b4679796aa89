using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using AiRouter.AppHost.Topology;

namespace AiRouter.Tests.Deploy;

/// <summary>That the manifests say what <see cref="Wiring"/> says.</summary>
public sealed class ManifestWiringTests
{
    private static readonly HashSet<string> Variables = [.. typeof(Wiring.Variables)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (string)field.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void Workloads_have_the_names_and_ports_of_all_other_forms(string folder)
    {
        var expected = new Dictionary<string, Dictionary<string, int>>
        {
            [Wiring.Resources.Api] = new() { [Wiring.Endpoints.Http] = Wiring.Ports.Api },
            [Wiring.Resources.Admin] = new() { [Wiring.Endpoints.Http] = Wiring.Ports.Admin },
            [Wiring.Resources.Redis] = new() { [Wiring.Endpoints.Tcp] = Wiring.Ports.Redis },
            [Wiring.Resources.Triton] = new()
            {
                [Wiring.Endpoints.Http] = Wiring.Ports.TritonHttp,
                [Wiring.Endpoints.Grpc] = Wiring.Ports.TritonGrpc,
                [Wiring.Endpoints.Metrics] = Wiring.Ports.TritonMetrics,
            },
        };

        Assert.All(Workloads(folder), w => Assert.Equal(expected[w.Object.Name], w.Ports));
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void Variables_are_known_and_say_where_things_are(string folder)
    {
        Assert.All(Ours(folder), w => Assert.All(w.Environment.Keys, name => Assert.Contains(name, Variables)));
        Assert.All(Ours(folder), w => Assert.EndsWith(
            $":{w.Ports.GetValueOrDefault(Wiring.Endpoints.Http) switch { Wiring.Ports.TritonHttp => Wiring.Ports.TritonGrpc, var p => p }}",
            w.Environment[Wiring.Variables.Urls]));

        var api = Deployments.Workload(folder, Wiring.Resources.Api);
        Assert.Equal($"{Wiring.Folders.Configuration}/airouter.yaml", api.Environment[Wiring.Variables.Config]);
        Assert.Equal(Wiring.Folders.Configuration, api.Environment[Wiring.Variables.PromptFormats]);
        Assert.Equal(Wiring.Folders.Secrets, api.Environment[Wiring.Variables.SecretsFolder]);
        Assert.Equal(Wiring.Folders.Data, api.Environment[Wiring.Variables.Data]);
        Assert.Equal(
            [Wiring.Folders.Configuration, Wiring.Folders.Data, Wiring.Folders.Secrets],
            api.Mounts.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void Images_are_those_that_the_Dockerfiles_make_in_this_version(string folder)
    {
        var version = typeof(Wiring).Assembly.GetName().Version!.ToString(3);
        var names = new Dictionary<string, string>
        {
            [Wiring.Resources.Api] = Wiring.Images.Api,
            [Wiring.Resources.Admin] = Wiring.Images.Admin,
            [Wiring.Resources.Triton] = Wiring.Images.Simulator,
        };

        Assert.All(Ours(folder), w =>
            Assert.Equal($"{names[w.Object.Name]}:{version}", w.Text("image")!.Split('/')[^1]));
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void Probes_ask_what_all_other_forms_ask(string folder)
    {
        Assert.All(Workloads(folder).Where(static w => w.Object.Name != Wiring.Resources.Redis), static w =>
        {
            var isTriton = w.Object.Name == Wiring.Resources.Triton;
            Assert.Equal(isTriton ? Wiring.Paths.TritonLive : Wiring.Paths.Live, w.Text("livenessProbe.httpGet.path"));
            Assert.Equal(isTriton ? Wiring.Paths.TritonReady : Wiring.Paths.Ready, w.Text("readinessProbe.httpGet.path"));
            Assert.Equal(Wiring.Endpoints.Http, w.Text("readinessProbe.httpGet.port"));
        });
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void R1_every_router_asks_for_keys(string folder)
    {
        Assert.Equal("required", Deployments.Workload(folder, Wiring.Resources.Api).Environment[Wiring.Variables.Authentication]);
    }

    [Theory]
    [MemberData(nameof(Deployments.Stored), MemberType = typeof(Deployments))]
    public void Api_and_Admin_share_store_and_encryption_key(string folder)
    {
        var api = Deployments.Workload(folder, Wiring.Resources.Api).Secrets;
        var admin = Deployments.Workload(folder, Wiring.Resources.Admin).Secrets;

        Assert.Equal(admin[Wiring.Variables.Redis], api[Wiring.Variables.Redis]);
        Assert.Equal(admin[Wiring.Variables.EncryptionKey], api[Wiring.Variables.EncryptionKey]);
        Assert.Contains(Wiring.Variables.AdminKey, admin);
        Assert.DoesNotContain(Wiring.Variables.AdminKey, api);
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void R4_nothing_but_the_API_can_be_reached_from_outside(string folder)
    {
        var objects = Deployments.Of(folder);
        Assert.All(objects.Where(static o => o.Kind == "Service"), static o =>
            Assert.True((o.Text("spec.type") ?? "ClusterIP") == "ClusterIP" && o.At("spec.externalIPs") is null, o.ToString()));
        Assert.All(objects.Where(static o => o.Kind == "Ingress"), static o =>
        {
            Assert.Null(o.At("spec.defaultBackend"));
            var paths = ((JsonArray)o.At("spec.rules")!).SelectMany(static rule => (JsonArray)rule!["http"]!["paths"]!);
            Assert.All(paths, static path => Assert.Equal(
                ("/v1", "Prefix", Wiring.Resources.Api),
                ((string)path!["path"]!, (string)path["pathType"]!, (string)path["backend"]!["service"]!["name"]!)));
        });
        Assert.DoesNotContain(objects, static o => o.Kind is "Gateway" or "HTTPRoute");
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void A_pod_may_stop_as_slowly_as_the_router_does(string folder)
    {
        var api = Deployments.Workload(folder, Wiring.Resources.Api);
        var drain = Number(api.Environment[Wiring.Variables.DrainSeconds]);
        var before = Number(api.Text("lifecycle.preStop.sleep.seconds"));

        // docs/operations.md: nothing waits longer than drainSeconds and 23 s together.
        Assert.InRange(before, 5, 30);
        Assert.True(Number(api.Pod["terminationGracePeriodSeconds"]!.ToString()) > before + drain + 23);
        Assert.Equal(("1", "0"), (
            api.Object.Text("spec.strategy.rollingUpdate.maxSurge"), api.Object.Text("spec.strategy.rollingUpdate.maxUnavailable")));
    }

    [Fact]
    public void Ingress_passes_streams_as_they_come()
    {
        var ingress = Deployments.Of("deploy/kubernetes/example").Single(static o => o.Kind == "Ingress");
        var said = (JsonObject)ingress.At("metadata.annotations")!;

        Assert.Equal("off", (string?)said["nginx.ingress.kubernetes.io/proxy-buffering"]);
        Assert.Equal("3600", (string?)said["nginx.ingress.kubernetes.io/proxy-read-timeout"]);
        Assert.Equal("512m", (string?)said["nginx.ingress.kubernetes.io/proxy-body-size"]);
    }

    [Fact]
    public void Triton_gets_a_GPU_its_models_shared_memory_and_time_to_load()
    {
        var triton = Deployments.Workload("deploy/kubernetes/overlays/triton", Wiring.Resources.Triton);

        Assert.Equal(
            $"{Wiring.Images.TritonRegistry}/{Wiring.Images.Triton}:{Wiring.Images.TritonTag}", triton.Text("image"));
        Assert.Equal(Wiring.Images.TritonCommand, triton.Text("args.0"));
        Assert.Equal("1", ((JsonObject)triton.Container["resources"]!["limits"]!)["nvidia.com/gpu"]!.ToString());
        Assert.Equal("true", (string?)triton.Pod["nodeSelector"]!["nvidia.com/gpu.present"]);
        Assert.Equal("nvidia.com/gpu", KubernetesObject.At(triton.Pod, "tolerations.0.key")!.ToString());
        Assert.Contains(Wiring.Folders.Models, triton.Mounts);
        Assert.Contains($"--model-repository={Wiring.Folders.Models}", triton.Container["args"]!.AsArray().Select(static a => (string)a!));
        var shared = triton.Pod["volumes"]!.AsArray().Single(v => (string)v!["name"]! == triton.Mounts["/dev/shm"])!;
        Assert.Equal("Memory", (string?)shared["emptyDir"]!["medium"]);
        Assert.True(Number(triton.Text("startupProbe.periodSeconds")) * Number(triton.Text("startupProbe.failureThreshold")) >= 1800);
    }

    private static int Number(string? text) => int.Parse(text!, CultureInfo.InvariantCulture);

    private static IEnumerable<Workload> Workloads(string folder) => Deployments.Workloads(folder).Select(static o => new Workload(o));

    private static IEnumerable<Workload> Ours(string folder) =>
        Workloads(folder).Where(static w => w.Text("image")!.Contains("airouter-", StringComparison.Ordinal));
}
