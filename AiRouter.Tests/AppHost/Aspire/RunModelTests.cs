using AiRouter.AppHost;
using AiRouter.AppHost.Aspire;
using AiRouter.AppHost.Machines;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Topology;

namespace AiRouter.Tests.AppHost.Aspire;

/// <summary>Run mode's model, built and looked at. Nothing is started. These tests are part of the form with Aspire.</summary>
public sealed class RunModelTests
{
    private static readonly RunFiles _files =
        new("/c/airouter.yaml", "/c/data", "store-password", "admin-key", "/c/admin-key", "encryption-key");

    private static readonly Backings _processes = new(TritonBacking.Simulator, RedisBacking.Embedded);

    [Fact]
    public async Task Processes_get_what_the_runner_gives_them()
    {
        var topology = RouterTopology.Of(new LaunchOptions(), _processes, _files);
        var builder = Build(topology);

        foreach (var process in topology.Processes)
        {
            var environment = await EnvironmentAsync(builder, process.Name);
            Assert.All(process.Environment, variable => Assert.Equal(variable.Value, environment[variable.Key]));
            Assert.DoesNotContain($"{Wiring.Variables.TritonGrpc[..^1]}1", environment);
            Assert.DoesNotContain("LOGGING__CONSOLE__FORMATTERNAME", environment);
            var endpoint = Assert.Single(Resource(builder, process.Name).Annotations.OfType<EndpointAnnotation>());
            Assert.Equal(
                (process.EndpointName, process.Endpoint.Port, process.Endpoint.Port, false),
                (endpoint.Name, endpoint.Port, endpoint.TargetPort, endpoint.IsProxied));
        }
    }

    [Fact]
    public async Task Content_of_prompts_is_not_captured_where_the_AppHost_is_Development()
    {
        var builder = Build(RouterTopology.Of(new LaunchOptions(), _processes, _files), "--environment", "Development");

        var environment = await EnvironmentAsync(builder, Wiring.Resources.Api);

        Assert.Equal("false", environment["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"]);
    }

    [Fact]
    public void Model_of_processes_has_no_container_in_it()
    {
        var builder = Build(RouterTopology.Of(new LaunchOptions(), _processes, _files));

        Assert.DoesNotContain(builder.Resources, static resource => resource.IsContainer());
    }

    [Fact]
    public void Router_and_Admin_wait_for_what_the_run_starts_and_are_checked()
    {
        var builder = Build(RouterTopology.Of(new LaunchOptions(), _processes, _files));

        Assert.Equal(["triton", "redis"], Awaited(builder, Wiring.Resources.Api));
        Assert.Equal(["redis"], Awaited(builder, Wiring.Resources.Admin));
        Assert.All(
            (string[])["redis", "triton", "api", "admin"],
            name => Assert.Single(Resource(builder, name).Annotations.OfType<HealthCheckAnnotation>()));
    }

    [Fact]
    public async Task Servers_of_the_users_are_referred_to_and_not_waited_for()
    {
        var options = new LaunchOptions { Triton = new Uri("http://gpu-1:8001"), Redis = "redis-1:6379,password=own" };
        var builder = Build(RouterTopology.Of(options, new Backings(TritonBacking.External, RedisBacking.External), _files));

        var environment = await EnvironmentAsync(builder, Wiring.Resources.Api);

        Assert.Equal(
            ("redis-1:6379,password=own", "http://gpu-1:8001"),
            (environment[Wiring.Variables.Redis], environment[Wiring.Variables.TritonGrpc]));
        Assert.Empty(Awaited(builder, Wiring.Resources.Api));
    }

    [Fact]
    public async Task Redis_container_is_persistent_with_a_password_on_loopback_and_keeps_what_it_is_told()
    {
        var builder = Build(RouterTopology.Of(
            new LaunchOptions(), new Backings(TritonBacking.Simulator, RedisBacking.Container), _files));
        var redis = Resource(builder, Wiring.Resources.Redis);

        Assert.Equal(ContainerLifetime.Persistent, Assert.Single(redis.Annotations.OfType<ContainerLifetimeAnnotation>()).Lifetime);
        Assert.Equal("/data", Assert.Single(redis.Annotations.OfType<ContainerMountAnnotation>()).Target);
        var endpoint = Assert.Single(redis.Annotations.OfType<EndpointAnnotation>());
        Assert.Equal(("127.0.0.1", Wiring.Ports.RedisOfRun), (endpoint.TargetHost, endpoint.Port));
        var arguments = string.Join(' ', await ArgumentsAsync(builder, redis));
        Assert.Contains("--requirepass $REDIS_PASSWORD", arguments, StringComparison.Ordinal);
        Assert.Contains("--appendonly yes --maxmemory-policy noeviction", arguments, StringComparison.Ordinal);
        Assert.Equal("store-password", (await EnvironmentAsync(builder, Wiring.Resources.Redis))["REDIS_PASSWORD"]);
        Assert.Equal(
            $"127.0.0.1:{Wiring.Ports.RedisOfRun},password=store-password",
            (await EnvironmentAsync(builder, Wiring.Resources.Api))[Wiring.Variables.Redis]);
    }

    [Theory]
    [InlineData("docker", true, "--shm-size=1g --gpus=all")]
    [InlineData("podman", true, "--shm-size=1g --device nvidia.com/gpu=all --security-opt=label=disable")]
    [InlineData("docker", false, "--shm-size=1g")]
    public async Task Triton_container_gets_the_GPUs_as_its_runtime_names_them(string runtime, bool hasGpu, string expected)
    {
        var backings = new Backings(TritonBacking.Container, RedisBacking.Embedded, "/c/models", hasGpu);
        var builder = Build(
            RouterTopology.Of(new LaunchOptions(), backings, _files), new Machine(HasAspire: true, runtime, hasGpu));
        var triton = Resource(builder, Wiring.Resources.Triton);

        var arguments = new List<object>();
        foreach (var callback in triton.Annotations.OfType<ContainerRuntimeArgsCallbackAnnotation>())
        {
            await callback.Callback(new ContainerRuntimeArgsCallbackContext(arguments));
        }

        Assert.Equal(expected, string.Join(' ', arguments));
    }

    [Fact]
    public async Task Triton_container_serves_the_models_and_has_all_endpoints()
    {
        var backings = new Backings(TritonBacking.Container, RedisBacking.Embedded, "/c/models");
        var builder = Build(RouterTopology.Of(new LaunchOptions(), backings, _files));
        var triton = Resource(builder, Wiring.Resources.Triton);

        var mount = Assert.Single(triton.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal(("/c/models", "/models", true), (mount.Source, mount.Target, mount.IsReadOnly));
        Assert.Equal(
            [("grpc", 8001, false), ("http", 8000, true), ("metrics", 8002, true)],
            triton.Annotations.OfType<EndpointAnnotation>().Select(static e => (e.Name, e.TargetPort!.Value, e.IsProxied)));
        Assert.Equal(
            "tritonserver --model-repository=/models --model-control-mode=explicit --load-model=* --exit-on-error=false --strict-readiness=false",
            string.Join(' ', await ArgumentsAsync(builder, triton)));
        Assert.Equal(
            "http://127.0.0.1:8001", (await EnvironmentAsync(builder, Wiring.Resources.Api))[Wiring.Variables.TritonGrpc]);
    }

    [Fact]
    public void Dashboard_has_the_commands_and_named_links()
    {
        var builder = Build(RouterTopology.Of(new LaunchOptions(), _processes, _files));

        string[] Commands(string name) =>
            [.. Resource(builder, name).Annotations.OfType<ResourceCommandAnnotation>().Select(static command => command.Name)];
        string?[] Links(string name) =>
            [.. Resource(builder, name).Annotations.OfType<ResourceUrlAnnotation>().Select(static url => url.DisplayText)];
        Assert.Equal(["reload-configuration"], Commands(Wiring.Resources.Api));
        Assert.Equal(["create-key", "open-playground"], Commands(Wiring.Resources.Admin));
        Assert.Equal(["load-model", "unload-model"], Commands(Wiring.Resources.Triton));
        Assert.Equal(["OpenAI API", "Metrics"], Links(Wiring.Resources.Api));
        Assert.Equal(["Admin", "Playground", "Management API"], Links(Wiring.Resources.Admin));
    }

    [Fact]
    public void Secrets_are_parameters()
    {
        var builder = Build(RouterTopology.Of(new LaunchOptions(), _processes, _files));

        Assert.Equal(
            [("admin-key", true), ("encryption-key", true), ("redis-password", true)],
            builder.Resources.OfType<ParameterResource>().Select(static parameter => (parameter.Name, parameter.Secret)));
    }

    private static IDistributedApplicationBuilder Build(RouterTopology topology, params string[] arguments) =>
        Build(topology, new Machine(HasAspire: true, "docker", HasGpu: false), arguments);

    private static IDistributedApplicationBuilder Build(RouterTopology topology, Machine machine, params string[] arguments)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = arguments,
            AssemblyName = typeof(Launch).Assembly.GetName().Name,
            DisableDashboard = true,
        });
        builder.AddRouter(topology, machine, Wiring.Images.TritonTag);

        // What the orchestrator does at the start, so that expressions have values.
        foreach (var endpoint in builder.Resources.SelectMany(static resource => resource.Annotations.OfType<EndpointAnnotation>()))
        {
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, endpoint.TargetHost, endpoint.Port ?? 40000);
        }

        return builder;
    }

    private static IResource Resource(IDistributedApplicationBuilder builder, string name) =>
        builder.Resources.Single(resource => resource.Name == name);

    private static IEnumerable<string> Awaited(IDistributedApplicationBuilder builder, string name) =>
        Resource(builder, name).Annotations.OfType<WaitAnnotation>().Select(static wait => wait.Resource.Name);

    private static async Task<Dictionary<string, string?>> EnvironmentAsync(IDistributedApplicationBuilder builder, string name)
    {
        var resource = Resource(builder, name);
        var variables = new Dictionary<string, object>();
        foreach (var callback in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await callback.Callback(new EnvironmentCallbackContext(builder.ExecutionContext, resource, variables));
        }

        var values = new Dictionary<string, string?>();
        foreach (var (key, value) in variables)
        {
            values[key] = value is IValueProvider provider
                ? await provider.GetValueAsync(TestContext.Current.CancellationToken)
                : value.ToString();
        }

        return values;
    }

    private static async Task<IReadOnlyList<object>> ArgumentsAsync(IDistributedApplicationBuilder builder, IResource resource)
    {
        var arguments = new List<object>();
        foreach (var callback in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await callback.Callback(new CommandLineArgsCallbackContext(arguments, resource)
            {
                ExecutionContext = builder.ExecutionContext,
            });
        }

        return arguments;
    }
}
