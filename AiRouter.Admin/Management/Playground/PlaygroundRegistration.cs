namespace AiRouter.Admin.Management.Playground;

/// <summary>What the playground is made of.</summary>
internal static class PlaygroundRegistration
{
    /// <summary>Adds it; <see cref="Core.Playground.PlaygroundTokens"/> must be there.</summary>
    public static IServiceCollection AddPlayground(this IServiceCollection services) => services
        .AddSingleton<PlaygroundPasses>()
        .AddSingleton<PlaygroundRouter>()
        .AddSingleton<PlaygroundDesk>();
}
