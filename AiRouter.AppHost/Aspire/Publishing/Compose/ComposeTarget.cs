// Aspire calls the pipeline's API experimental.
#pragma warning disable ASPIREPIPELINES001, ASPIREPIPELINES004

using System.Globalization;
using AiRouter.AppHost.Topology;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.AppHost.Aspire.Publishing.Compose;

/// <summary>A file for Docker Compose or Podman Compose, for one machine.</summary>
internal static class ComposeTarget
{
    private const string EnvironmentName = "compose";
    private const int DashboardPort = 18888;
    private const string DataVolume = "api-data";

    // A folder and not the file: editors put a new file in the place of the old one.
    private const string ConfigurationVolume = "./config";
    private const string SecretsVolume = "./secrets";
    private const string ModelsVolume = "./models";

    /// <summary>The user of Redis's own image.</summary>
    private const string RedisUser = "999:999";

    /// <summary>Publishes the router as <c>docker-compose.yaml</c> and <c>.env</c>.</summary>
    public static void ForCompose(
        this IDistributedApplicationBuilder builder, PublishedRouter router, PublishOptions options, ConfigurationFile configuration)
    {
        builder.AddDockerComposeEnvironment(EnvironmentName)
            .WithDashboard(options.Dashboard)
            .WithProperties(static environment => environment.DefaultNetworkName = "airouter")
            .ConfigureComposeFile(static file =>
            {
                file.Name = "airouter";
                file.AddVolume(new Volume { Name = DataVolume, Driver = "local" });
                if (file.Services.TryGetValue($"{EnvironmentName}-dashboard", out var dashboard))
                {
                    // It has no authentication.
                    dashboard.Ports = [Published(DashboardPort)];
                }
            });

        router.Redis?.WithDataVolume("redis-data");
        foreach (var ours in (IResourceBuilder<ProjectResource>[])[router.Api, router.Admin])
        {
            ours.WithEnvironment(Wiring.Variables.Redis, router.StoreConnection)
                .WithEnvironment(Wiring.Variables.EncryptionKey, router.Secrets.EncryptionKey);
        }

        // No web page reaches Admin by a name of its own that leads to 127.0.0.1.
        router.Admin
            .WithEnvironment(Wiring.Variables.AdminKey, router.Secrets.AdminKey)
            .WithEnvironment(Wiring.Variables.AdminHosts, "localhost");
        if (options.Host is null)
        {
            router.Admin.WithEnvironment(Wiring.Variables.PublicUrl, Local(Wiring.Ports.Api, string.Empty));
        }

        router.Api.PublishAsDockerComposeService((_, service) => CompleteApi(service, router, options));
        router.Admin.PublishAsDockerComposeService((_, service) => CompleteAdmin(service, router, options));
        router.Redis?.PublishAsDockerComposeService(static (_, service) => CompleteRedis(service));
        router.Triton?.PublishAsDockerComposeService((_, service) => CompleteTriton(service, options));
        router.Simulator?.PublishAsDockerComposeService((_, service) => CompleteSimulator(service, options));
        builder.Pipeline.AddStep(
            "complete-compose",
            context => WriteConfigurationAsync(context, configuration),
            dependsOn: $"publish-{EnvironmentName}",
            requiredBy: WellKnownPipelineSteps.Publish);
    }

    private static void CompleteApi(Service service, PublishedRouter router, PublishOptions options)
    {
        service.IsOurs("AiRouter.Api", options.ImageOf(Wiring.Images.Api));
        service.WaitsForRedis(router);

        // On loopback: metrics are on the same port (R4). What is in front of it ends TLS and passes /v1 on.
        service.Ports = [Published(Wiring.Ports.Api)];
        service.StopGracePeriod = $"{PublishedModel.DrainSeconds + 30}s";
        service.AddVolume(Bind(ConfigurationVolume, Wiring.Folders.Configuration));
        service.AddVolume(Bind(SecretsVolume, Wiring.Folders.Secrets));
        service.AddVolume(new Volume { Name = DataVolume, Type = "volume", Source = DataVolume, Target = Wiring.Folders.Data });
    }

    private static void CompleteAdmin(Service service, PublishedRouter router, PublishOptions options)
    {
        service.IsOurs("AiRouter.Admin", options.ImageOf(Wiring.Images.Admin));
        service.WaitsForRedis(router);
        service.Ports = [Published(Wiring.Ports.Admin)];
        service.Expose.Clear();
        service.AddVolume(Bind(ConfigurationVolume, Wiring.Folders.Configuration));
    }

    private static void CompleteRedis(Service service)
    {
        service.Confine();
        service.User = RedisUser;
        service.ReadOnly = true;
        service.RequireSecrets();
        service.Healthcheck = Check(
            "30s", "CMD-SHELL", "REDISCLI_AUTH=\"$$REDIS_PASSWORD\" redis-cli ping | grep -q PONG");
    }

    private static void CompleteTriton(Service service, PublishOptions options)
    {
        service.Confine();
        service.ShmSize = "4g";
        service.StopGracePeriod = $"{PublishedModel.TritonExitSeconds + 30}s";
        service.AddVolume(Bind(ModelsVolume, Wiring.Folders.Models));
        if (options.Gpus > 0)
        {
            // By CDI, which Docker and Podman both know; the number would be Docker's own way only.
            service.Devices.Add("nvidia.com/gpu=all");
        }

        service.Healthcheck = Check(
            "3600s", "CMD", "curl", "-fsS", Local(Wiring.Ports.TritonHttp, Wiring.Paths.TritonReady));
    }

    private static void CompleteSimulator(Service service, PublishOptions options) =>
        service.IsOurs("AiRouter.TritonSimulator", options.ImageOf(Wiring.Images.Simulator));

    private static void IsOurs(this Service service, string program, string image)
    {
        service.Confine();
        service.RequireSecrets();
        service.User = string.Create(CultureInfo.InvariantCulture, $"{Wiring.Images.User}:{Wiring.Images.User}");
        service.ReadOnly = true;
        service.Tmpfs.Add("/tmp");
        service.Healthcheck = Check("30s", "CMD", $"/app/{program}", "health");

        // Aspire's variable, which "deploy" sets to what it has built, with our image where it is empty.
        service.Image = $"{service.Image![..^1]}:-{image}}}";
    }

    private static void Confine(this Service service)
    {
        service.Restart = "unless-stopped";
        service.CapDrop = ["ALL"];
        service.SecurityOpt = ["no-new-privileges:true"];
    }

    // An empty password would be one.
    private static void RequireSecrets(this Service service)
    {
        foreach (var (name, value) in service.Environment.ToArray())
        {
            service.Environment[name] = ComposeVariables.Required(value);
        }
    }

    private static void WaitsForRedis(this Service service, PublishedRouter router)
    {
        service.DependsOn.Clear();
        if (router.Redis is not null)
        {
            service.DependsOn[Wiring.Resources.Redis] = new ServiceDependency { Condition = "service_healthy" };
        }
    }

    private static Volume Bind(string source, string target) =>
        new() { Name = target.TrimStart('/'), Type = "bind", Source = source, Target = target, ReadOnly = true };

    private static Healthcheck Check(string startPeriod, params List<string> test) =>
        new() { Test = test, Interval = "10s", Timeout = "5s", StartPeriod = startPeriod, Retries = 3 };

    private static string Published(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}:{port}");

    private static string Local(int port, string path) => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}{path}");

    private static async Task WriteConfigurationAsync(PipelineStepContext context, ConfigurationFile configuration)
    {
        var folder = context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory();

        // Compose would make folders that are missing as root.
        Directory.CreateDirectory(Path.Combine(folder, SecretsVolume));
        var configurations = Directory.CreateDirectory(Path.Combine(folder, ConfigurationVolume)).FullName;
        await File.WriteAllTextAsync(Path.Combine(configurations, ConfigurationFile.Name), configuration.Text, context.CancellationToken);
    }
}
