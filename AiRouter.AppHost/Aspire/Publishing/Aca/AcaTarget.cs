using System.Globalization;
using AiRouter.AppHost.Topology;
using Azure.Provisioning.AppContainers;

namespace AiRouter.AppHost.Aspire.Publishing.Aca;

/// <summary>Bicep for Azure Container Apps.</summary>
internal static class AcaTarget
{
    private const string EnvironmentName = "aca";
    private const string GpuProfile = "gpu";

    /// <summary>How many requests a router has under way, on average, before there is another.</summary>
    private const int ConcurrentRequests = 100;

    /// <summary>Publishes the router as a container app each for itself, Admin and Triton.</summary>
    public static void ForContainerApps(
        this IDistributedApplicationBuilder builder, PublishedRouter router, PublishOptions options, ConfigurationFile configuration)
    {
        var environment = builder.AddAzureContainerAppEnvironment(EnvironmentName).WithDashboard(options.Dashboard);
        foreach (var ours in (IResourceBuilder<ProjectResource>[])[router.Api, router.Admin])
        {
            // References to parameters become secrets of the container app.
            ours.WithEnvironment(Wiring.Variables.Redis, router.StoreConnection)
                .WithEnvironment(Wiring.Variables.EncryptionKey, router.Secrets.EncryptionKey);
        }

        // There is no file to mount without a storage account; the document itself is a variable, which goes before one.
        router.Api.WithEnvironment(Wiring.Variables.ConfigText, configuration.Text);
        router.Admin.WithEnvironment(Wiring.Variables.AdminKey, router.Secrets.AdminKey);

        // One ingress leads to one port, whole: what is not for clients asks for a key there (R4).
        router.Api.WithEnvironment(Wiring.Variables.ProtectTelemetry, "true");
        router.Api.PublishAsAzureContainerApp((_, app) => CompleteApi(app, options));
        router.Admin.PublishAsAzureContainerApp(static (_, app) => CompleteAdmin(app));
        if (router.Triton is { } triton)
        {
            triton.WithVolume("models", Wiring.Folders.Models).PublishAsAzureContainerApp((_, app) => CompleteTriton(app, options));
            if (options.Gpus > 0)
            {
                environment.ConfigureInfrastructure(infrastructure => infrastructure
                    .GetProvisionableResources()
                    .OfType<ContainerAppManagedEnvironment>()
                    .Single()
                    .WorkloadProfiles
                    .Add(new ContainerAppWorkloadProfile { Name = GpuProfile, WorkloadProfileType = options.Workload }));
            }
        }

        router.Simulator?.PublishAsAzureContainerApp(static (_, app) => One(app));
    }

    private static void CompleteApi(ContainerApp app, PublishOptions options)
    {
        var container = app.Template.Containers[0].Value!;
        container.Resources = new AppContainerResources { Cpu = 1, Memory = "2Gi" };
        HasData(app, container);

        // Health asks for a key here, so the platform looks at the port.
        container.Probes.Add(Listens(ContainerAppProbeType.Startup, period: 2));
        container.Probes.Add(Listens(ContainerAppProbeType.Liveness, period: 10));
        container.Probes.Add(Listens(ContainerAppProbeType.Readiness, period: 5));
        app.Template.TerminationGracePeriodSeconds = PublishedModel.DrainSeconds + 30;
        app.Template.Scale.MinReplicas = options.MinReplicas;
        app.Template.Scale.MaxReplicas = options.MaxReplicas;
        app.Template.Scale.Rules.Add(new ContainerAppScaleRule
        {
            Name = "requests",
            Http = new ContainerAppHttpScaleRule
            {
                Metadata = { ["concurrentRequests"] = ConcurrentRequests.ToString(CultureInfo.InvariantCulture) },
            },
        });
    }

    private static void CompleteAdmin(ContainerApp app)
    {
        app.Template.Containers[0].Value!.Resources = new AppContainerResources { Cpu = 0.5, Memory = "1Gi" };
        One(app);
    }

    private static void CompleteTriton(ContainerApp app, PublishOptions options)
    {
        One(app);
        if (options.Gpus == 0)
        {
            app.Template.Containers[0].Value!.Resources = new AppContainerResources { Cpu = 4, Memory = "8Gi" };
            return;
        }

        // The whole of one machine of the profile: 8 cores, 56 GiB and the GPU.
        app.WorkloadProfileName = GpuProfile;
        app.Template.Containers[0].Value!.Resources = new AppContainerResources { Cpu = 8, Memory = "56Gi" };
    }

    // Neither to none, which would be asleep when somebody comes, nor to several.
    private static void One(ContainerApp app)
    {
        app.Template.Scale.MinReplicas = 1;
        app.Template.Scale.MaxReplicas = 1;
    }

    private static void HasData(ContainerApp app, ContainerAppContainer container)
    {
        const string Volume = "data";
        app.Template.Volumes.Add(new ContainerAppVolume { Name = Volume, StorageType = ContainerAppStorageType.EmptyDir });
        container.VolumeMounts.Add(new ContainerAppVolumeMount { VolumeName = Volume, MountPath = Wiring.Folders.Data });
    }

    private static ContainerAppProbe Listens(ContainerAppProbeType type, int period) => new()
    {
        ProbeType = type,
        TcpSocket = new ContainerAppTcpSocketRequestInfo { Port = Wiring.Ports.Api },
        PeriodSeconds = period,
        TimeoutSeconds = 3,
    };
}
