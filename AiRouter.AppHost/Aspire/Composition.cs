using AiRouter.AppHost.Machines;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Topology;
using AiRouter.AppHost.Workspaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AiRouter.AppHost.Aspire;

/// <summary>The AppHost with Aspire: the same resources with a dashboard, and containers.</summary>
internal static class Composition
{
    /// <summary>Runs until Ctrl-C.</summary>
    public static async Task<int> RunAsync(LaunchOptions options, Workspace workspace)
    {
        var machine = await MachineSurvey.RunAsync(
            Environment.GetEnvironmentVariable(MachineSurvey.RuntimeVariable), CancellationToken.None);
        var (topology, obstacle) = await Launch.PrepareAsync(options, workspace, machine, CancellationToken.None);
        if (topology is null)
        {
            return Refusal.Say(obstacle);
        }

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
        var triton = builder.AddTriton(topology, topology.Backings.Models);

        // The router, once what it routes to is there.
        builder.AddProcess<Projects.AiRouter_Api>(topology.Api)
            .WithTriton(triton)
            .WithStore(store)
            .WithHttpHealthCheck(Wiring.Paths.Ready, endpointName: Wiring.Endpoints.Http)
            .WithExternalHttpEndpoints();

        // The management API, on loopback.
        builder.AddProcess<Projects.AiRouter_Admin>(topology.Admin)
            .WithStore(store)
            .WithHttpHealthCheck(Wiring.Paths.Ready, endpointName: Wiring.Endpoints.Http);

        await using var app = builder.Build();
        await app.StartAsync();
        var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(Wiring.Resources.Api, stopping);
            await app.ResourceNotifications.WaitForResourceHealthyAsync(Wiring.Resources.Admin, stopping);
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
