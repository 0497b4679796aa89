using AiRouter.AppHost.Health;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Topology;
using AiRouter.AppHost.Workspaces;

namespace AiRouter.AppHost;

/// <summary>What has to be known and true before anything starts, with and without Aspire.</summary>
internal static class Launch
{
    /// <summary>The topology to start, or one sentence about why it cannot be.</summary>
    public static async Task<(RouterTopology? Topology, string? Error)> PrepareAsync(
        LaunchOptions options, Workspace workspace, CancellationToken cancellationToken)
    {
        // Ports first: discovery is slow, and pointless when the router cannot start.
        if (FirstObstacle(RouterTopology.Of(options, string.Empty, string.Empty)) is { } obstacle)
        {
            return (null, obstacle);
        }

        if (options is { Triton: { } triton, ConfigFile: null })
        {
            var discovered = workspace.PathOf("triton.yaml");
            return await TritonDiscovery.WriteAsync(triton, discovered, cancellationToken) is { } problem
                ? (null, problem)
                : (RouterTopology.Of(options, discovered, workspace.DataFolder), null);
        }

        return (RouterTopology.Of(options, options.ConfigFile ?? workspace.SampleCopy(), workspace.DataFolder), null);
    }

    private static string? FirstObstacle(RouterTopology topology)
    {
        foreach (var process in topology.Processes)
        {
            if (Port.Obstacle(process.Endpoint) is { } obstacle)
            {
                var option = process.Name == RouterTopology.ApiName ? "--port" : "--triton-port";
                return $"{process.Name} cannot start: {obstacle} (choose another with {option} N)";
            }
        }

        return null;
    }
}
