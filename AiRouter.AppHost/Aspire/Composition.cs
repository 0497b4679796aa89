using AiRouter.AppHost.Aspire.Publishing;
using AiRouter.AppHost.Machines;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Topology;
using AiRouter.AppHost.Workspaces;
using Microsoft.Extensions.Hosting;

namespace AiRouter.AppHost.Aspire;

/// <summary>The AppHost with Aspire: the same resources with a dashboard, and containers.</summary>
internal static class Composition
{
    // Where Aspire looks for the runtime's name, the first first.
    private const string RuntimeOption = "DcpPublisher:ContainerRuntime";

    private static readonly string[] _runtimeNames =
        [RuntimeOption, MachineSurvey.RuntimeVariable, $"DOTNET_{MachineSurvey.RuntimeVariable}"];

    /// <summary>Runs until Ctrl-C, or publishes; the result is the exit code.</summary>
    public static async Task<int> RunAsync(LaunchOptions options, Workspace workspace)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = [.. options.Others],
            DashboardApplicationName = "AiRouter",

            // Everything is on loopback, without certificates of its own.
            AllowUnsecuredTransport = true,
        });

        if (builder.ExecutionContext.IsPublishMode)
        {
            return await builder.PublishAsync(options, workspace);
        }

        var runtime = _runtimeNames.Select(name => builder.Configuration[name]).FirstOrDefault(static name => !string.IsNullOrEmpty(name));
        var machine = await MachineSurvey.RunAsync(runtime, CancellationToken.None);
        var (topology, obstacle) = await Launch.PrepareAsync(options, workspace, machine, CancellationToken.None);
        if (topology is null)
        {
            return Refusal.Say(obstacle);
        }

        // The one that was asked is the one that is used: what its containers get (GPUs) depends on it.
        builder.Configuration[RuntimeOption] = machine.ContainerRuntime ?? runtime;
        builder.AddRouter(topology, machine, options.TritonTag ?? Wiring.Images.TritonTag);
        try
        {
            await using var app = builder.Build();
            await app.StartAsync();
            await app.AnnounceAsync(topology);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (DistributedApplicationException exception)
        {
            return Refusal.Say(exception.Message);
        }
    }
}
