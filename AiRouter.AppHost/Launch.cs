using AiRouter.AppHost.Health;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Topology;
using AiRouter.AppHost.Workspaces;

namespace AiRouter.AppHost;

/// <summary>What has to be known and true before anything starts, with and without Aspire.</summary>
internal static class Launch
{
    /// <summary>The topology to start, or one sentence about why it cannot be.</summary>
    /// <param name="options">What the user asked for.</param>
    /// <param name="workspace">Where configurations are made.</param>
    /// <param name="hasAspire">Whether this is the form with Aspire, which has containers and options of its own.</param>
    /// <param name="cancellationToken">Stops the discovery of models.</param>
    public static async Task<(RouterTopology? Topology, string? Error)> PrepareAsync(
        LaunchOptions options, Workspace workspace, bool hasAspire, CancellationToken cancellationToken)
    {
        if (!hasAspire && WhatNeedsAspire(options) is { } refusal)
        {
            return (null, refusal);
        }

        // Ports first: discovery is slow, and pointless when the router cannot start.
        if (FirstObstacle(RouterTopology.Of(options, RunFiles.None)) is { } obstacle)
        {
            return (null, obstacle);
        }

        if (options is { Triton: { } triton, ConfigFile: null })
        {
            var discovered = workspace.PathOf("triton.yaml");
            return await TritonDiscovery.WriteAsync(triton, discovered, cancellationToken) is { } problem
                ? (null, problem)
                : (RouterTopology.Of(options, FilesFor(options, discovered, workspace)), null);
        }

        return (RouterTopology.Of(options, FilesFor(options, options.ConfigFile ?? workspace.SampleCopy(), workspace)), null);
    }

    // R8: without a key of the user's the first admin gets a random one.
    private static RunFiles FilesFor(LaunchOptions options, string configFile, Workspace workspace)
    {
        var given = Environment.GetEnvironmentVariable("AIROUTER_ADMIN_KEY");
        var isGiven = !string.IsNullOrEmpty(given);
        return new RunFiles(
            configFile,
            options.DataFolder ?? workspace.DataFolder,
            workspace.Secret("store-password"),
            isGiven ? given! : workspace.Secret(Workspace.AdminKeyName),
            isGiven ? null : workspace.PathOf(Workspace.AdminKeyName));
    }

    private static string? WhatNeedsAspire(LaunchOptions options) => options switch
    {
        { Others: [var other, ..] } => $"there is no option '{other}' (there are: {CommandLine.Known})",
        { ModelRepository: not null } =>
            "--model-repository runs a container, which needs Aspire, and the package feed has none; "
            + "start Triton yourself and give --triton URL",
        _ => null,
    };

    private static string? FirstObstacle(RouterTopology topology)
    {
        foreach (var process in topology.Processes)
        {
            var option = process.Name switch
            {
                RouterTopology.ApiName => "--port",
                RouterTopology.AdminName => "--admin-port",
                RouterTopology.StoreName => "--redis-port",
                _ => "--triton-port",
            };
            if (Port.Obstacle(process.Endpoint, option) is { } obstacle)
            {
                return $"{process.Name} cannot start: {obstacle}";
            }
        }

        return null;
    }
}
