using AiRouter.AppHost.Commands;
using AiRouter.AppHost.Topology;

// Arguments of commands are for evaluation in this version of Aspire.
#pragma warning disable ASPIREINTERACTION001

namespace AiRouter.AppHost.Aspire;

/// <summary>The commands on the dashboard, which <c>aspire resource</c> has too.</summary>
internal static class ResourceCommands
{
    private static readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false })
    {
        // Each command has a deadline of its own.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>On the router: reload the configuration's file.</summary>
    public static IResourceBuilder<ProjectResource> WithConfigurationCommand(
        this IResourceBuilder<ProjectResource> api, RouterTopology topology)
    {
        var management = new ManagementCommands(_client, topology);
        return api.WithCommand(
            "reload-configuration",
            "Reload configuration",
            async context => Result(await management.ReloadConfigurationAsync(context.CancellationToken)),
            new CommandOptions
            {
                Description = $"Takes {topology.ConfigFile} anew.",
                ConfirmationMessage = topology.IsRuledByFile
                    ? null
                    : $"This replaces the stored configuration, with all that was changed in Admin, by {topology.ConfigFile}. "
                        + "Admin's history can take it back.",
                IconName = "ArrowSync",
                UpdateState = WhenRunning,
            });
    }

    /// <summary>On Admin: make a client key, open the playground.</summary>
    public static IResourceBuilder<ProjectResource> WithAdminCommands(
        this IResourceBuilder<ProjectResource> admin, RouterTopology topology)
    {
        var management = new ManagementCommands(_client, topology);
        var playground = new Uri(topology.Admin.Reachable, Wiring.Paths.Playground);
        return admin
            .WithCommand(
                "create-key",
                "Create a client key",
                async context => Result(await management.CreateKeyAsync(
                    context.Arguments["name"].Value!, context.CancellationToken)),
                new CommandOptions
                {
                    Description = "Makes a key for a client. From the first one on every request needs one.",
                    IconName = "Key",
                    IsHighlighted = true,
                    UpdateState = WhenRunning,
                    Arguments = [Text("name", "Name", "team-a")],
                })
            .WithCommand(
                "open-playground",
                "Open playground",
                _ => Task.FromResult(CommandResults.Success(
                    "The playground", $"[Open the playground]({playground})", CommandResultFormat.Markdown, displayImmediately: true)),
                new CommandOptions
                {
                    Description = "Chat with any model as any client.",
                    IconName = "ChatMultiple",
                    UpdateState = WhenRunning,
                });
    }

    /// <summary>On Triton, whatever backs it: load and unload a model.</summary>
    public static TritonResource WithModelCommands(this TritonResource triton, RouterTopology topology)
    {
        var models = new TritonCommands(_client, topology.Triton);
        triton.Backing
            .WithCommand(
                "load-model",
                "Load a model",
                async context => Result(await models.LoadAsync(context.Arguments["model"].Value!, context.CancellationToken)),
                new CommandOptions
                {
                    Description = "Loads a model of the repository, or loads it anew.",
                    IconName = "ArrowUpload",
                    UpdateState = WhenRunning,
                    Arguments = [Text("model", "Model", "ensemble")],
                })
            .WithCommand(
                "unload-model",
                "Unload a model",
                async context => Result(await models.UnloadAsync(context.Arguments["model"].Value!, context.CancellationToken)),
                new CommandOptions
                {
                    Description = "Unloads a model; requests under way end first.",
                    IconName = "ArrowDownload",
                    UpdateState = WhenRunning,
                    Arguments = [Text("model", "Model", "ensemble")],
                });
        return triton;
    }

    private static InteractionInput Text(string name, string label, string example) => new()
    {
        Name = name,
        Label = label,
        InputType = InputType.Text,
        Placeholder = example,
        Required = true,
    };

    private static ResourceCommandState WhenRunning(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.State?.Text == KnownResourceStates.Running
            ? ResourceCommandState.Enabled
            : ResourceCommandState.Disabled;

    private static ExecuteCommandResult Result(CommandOutcome outcome) => outcome switch
    {
        { IsDone: false } => CommandResults.Failure(outcome.Message),
        { Value: { } value } => CommandResults.Success(outcome.Message, value, CommandResultFormat.Text, displayImmediately: true),
        _ => CommandResults.Success(outcome.Message),
    };
}
