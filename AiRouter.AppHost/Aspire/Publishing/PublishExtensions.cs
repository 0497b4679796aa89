using AiRouter.AppHost.Aspire.Publishing.Aca;
using AiRouter.AppHost.Aspire.Publishing.Compose;
using AiRouter.AppHost.Aspire.Publishing.Kubernetes;
using AiRouter.AppHost.Options;
using AiRouter.AppHost.Workspaces;

namespace AiRouter.AppHost.Aspire.Publishing;

/// <summary>Publish mode: the AppHost writes manifests and ends.</summary>
internal static class PublishExtensions
{
    /// <summary>Publishes, or deploys, for the one target that was asked for; the result is the exit code.</summary>
    /// <remarks>One target at a time: with two compute environments Aspire wants every resource bound to one.</remarks>
    public static async Task<int> PublishAsync(this IDistributedApplicationBuilder builder, LaunchOptions launch, Workspace workspace)
    {
        var (options, error) = PublishOptions.From(builder.Configuration, launch);
        if (options is null)
        {
            return Refusal.Say(error);
        }

        var configuration = ConfigurationFile.For(options, workspace);
        var router = builder.AddPublishedRouter(options);
        switch (options.Target)
        {
            case PublishTarget.Kubernetes:
                builder.ForKubernetes(router, options, configuration);
                break;
            case PublishTarget.Compose:
                builder.ForCompose(router, options, configuration);
                break;
            default:
                builder.ForContainerApps(router, options, configuration);
                break;
        }

        try
        {
            await using var app = builder.Build();
            await app.RunAsync();
            return 0;
        }
        catch (DistributedApplicationException exception)
        {
            return Refusal.Say(exception.Message);
        }
    }
}
