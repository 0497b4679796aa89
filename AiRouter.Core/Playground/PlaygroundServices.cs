using AiRouter.Core.Configuration.Secrets;
using AiRouter.Core.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Core.Playground;

/// <summary>Registers playground tokens.</summary>
public static class PlaygroundServices
{
    /// <summary>Adds <see cref="PlaygroundTokens"/>; <see cref="IStore"/> and <see cref="TimeProvider"/> must be there.</summary>
    /// <param name="services">To which.</param>
    /// <param name="keys">What secrets in the store are encrypted with; null: they are not.</param>
    public static IServiceCollection AddPlaygroundTokens(this IServiceCollection services, EncryptionKeys? keys) => services
        .AddSingleton(s => new PlaygroundSecrets(s.GetRequiredService<IStore>(), s.GetRequiredService<TimeProvider>(), keys))
        .AddSingleton<PlaygroundTokens>();
}
