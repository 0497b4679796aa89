using AiRouter.AppHost.Health;
using AiRouter.AppHost.Machines;
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
    /// <param name="machine">What can be run.</param>
    /// <param name="cancellationToken">Stops the discovery of models.</param>
    public static async Task<(RouterTopology? Topology, string? Error)> PrepareAsync(
        LaunchOptions options, Workspace workspace, Machine machine, CancellationToken cancellationToken)
    {
        if (!machine.HasAspire && WhatNeedsAspire(options) is { } refusal)
        {
            return (null, refusal);
        }

        var (backings, impossible) = Backings.Choose(options, machine, workspace.Models);
        if (backings is null)
        {
            return (null, impossible);
        }

        // Ports first: discovery is slow, and pointless when the router cannot start.
        if (FirstObstacle(RouterTopology.Of(options, backings, RunFiles.None)) is { } obstacle)
        {
            return (null, obstacle);
        }

        if (options is { Triton: { } triton, ConfigFile: null, SeedFile: null })
        {
            var discovered = workspace.PathOf("triton.yaml");
            return await TritonDiscovery.WriteAsync(triton, discovered, cancellationToken) is { } problem
                ? (null, problem)
                : (Topology(discovered), null);
        }

        return (Topology(options.ConfigFile ?? options.SeedFile ?? workspace.SampleCopy()), null);

        RouterTopology Topology(string configFile) =>
            RouterTopology.Of(options, backings, FilesFor(options, backings, configFile, workspace));
    }

    // R8: without a key of the user's the first admin gets a random one.
    private static RunFiles FilesFor(LaunchOptions options, Backings backings, string configFile, Workspace workspace)
    {
        var given = Environment.GetEnvironmentVariable(Wiring.Variables.AdminKey);
        var isGiven = !string.IsNullOrEmpty(given);
        return new RunFiles(
            configFile,
            options.DataFolder ?? workspace.DataFolder(backings.Redis),
            workspace.Secret("store-password"),
            isGiven ? given! : workspace.Secret(Workspace.AdminKeyName),
            isGiven ? null : workspace.PathOf(Workspace.AdminKeyName),

            // Somebody else's store may have credentials under another key.
            backings.Redis == RedisBacking.External || Environment.GetEnvironmentVariable(Wiring.Variables.EncryptionKey) is { Length: > 0 }
                ? null
                : workspace.EncryptionKey());
    }

    private static string? WhatNeedsAspire(LaunchOptions options) => options switch
    {
        { Others: [var other, ..] } => $"there is no option '{other}' (there are: {CommandLine.Known})",
        { TritonTag: not null } => "--triton-tag names a container's image, which needs Aspire, and the package feed has none",
        _ => null,
    };

    private static string? FirstObstacle(RouterTopology topology)
    {
        foreach (var process in topology.Processes)
        {
            var option = process.Name switch
            {
                Wiring.Resources.Api => "--port",
                Wiring.Resources.Admin => "--admin-port",
                Wiring.Resources.Redis => "--redis-port",
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
