using AiRouter.Api.Dialects.Kept.Background;
using AiRouter.Api.Dialects.Kept.Conversations;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiRouter.Api.Dialects.Kept;

/// <summary>Registers what the router itself keeps of the Responses API.</summary>
internal static class KeptServices
{
    /// <summary>Adds it.</summary>
    public static IServiceCollection AddKept(this IServiceCollection services)
    {
        services.TryAddSingleton(new BackgroundLimits());
        return services
            .AddSingleton<KeptWrites>()
            .AddSingleton<IHostedService>(static s => s.GetRequiredService<KeptWrites>())
            .AddSingleton<KeptResponses>()
            .AddSingleton<KeptConversations>()
            .AddSingleton<ResponseKeeper>()
            .AddSingleton<BackgroundJobs>()
            .AddSingleton<IHostedService>(static s => s.GetRequiredService<BackgroundJobs>())
            .AddSingleton<BackgroundResponses>()
            .AddSingleton<BackgroundStates>()
            .AddSingleton<KeptResponseEndpoint>()
            .AddSingleton<ConversationEndpoint>();
    }
}
