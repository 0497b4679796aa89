using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Browser;

/// <summary>One Admin for all tests of the configuration's pages; each begins by putting the document that it needs.</summary>
public sealed class ConfigurationStage(StoreServers servers) : IAsyncLifetime
{
    internal AdminStage Admin { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() =>
        Admin = await AdminStage.StartAsync(servers, null, ("AIROUTER_ENCRYPTION_KEY", Convert.ToBase64String(new byte[32])));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Admin.DisposeAsync();
}
