using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Core.Keys;

/// <summary>Registers client keys.</summary>
public static class KeyServices
{
    /// <summary>Adds <see cref="IKeyStore"/>, over the <see cref="Stores.IStore"/> that must be there too.</summary>
    public static IServiceCollection AddKeyStore(this IServiceCollection services) =>
        services.AddSingleton<IKeyStore, KeyStore>();
}
