using AiRouter.AppHost.Options;
using AiRouter.AppHost.Topology;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AiRouter.AppHost.Aspire;

/// <summary>The AppHost with Aspire: the same resources with a dashboard, and containers.</summary>
internal static class Composition
{
    /// <summary>Whether this form has containers, a dashboard and options of Aspire's own.</summary>
    public static bool HasAspire => true;

    /// <summary>Runs until Ctrl-C.</summary>
    public static async Task<int> RunAsync(RouterTopology topology, LaunchOptions options)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = [.. options.Others],
            DashboardApplicationName = "AiRouter",

            // Everything is on loopback, without certificates of its own.
            AllowUnsecuredTransport = true,
        });

        // What the router and Admin share, unless the user has a Redis.
        var store = builder.AddStore(topology);

        // Whatever generates: our simulator, somebody's Triton or NVIDIA's container.
        var triton = builder.AddTriton(topology, options.ModelRepository);

        // The router, once what it routes to is there.
        builder.AddProcess<Projects.AiRouter_Api>(topology.Api)
            .WithTriton(triton)
            .WithStore(store)
            .WithHttpHealthCheck(RouterTopology.ReadyPath, endpointName: RouterTopology.HttpEndpointName)
            .WithExternalHttpEndpoints();

        // The management API, on loopback.
        builder.AddProcess<Projects.AiRouter_Admin>(topology.Admin)
            .WithStore(store)
            .WithHttpHealthCheck(RouterTopology.ReadyPath, endpointName: RouterTopology.HttpEndpointName);

        await using var app = builder.Build();
        await app.StartAsync();
        var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(RouterTopology.ApiName, stopping);
            await app.ResourceNotifications.WaitForResourceHealthyAsync(RouterTopology.AdminName, stopping);
            Console.Write(Announcement.For(topology));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Ctrl-C before everything was there.
        }

        await app.WaitForShutdownAsync();
        return 0;
    }
}
