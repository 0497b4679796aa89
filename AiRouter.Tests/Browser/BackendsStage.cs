using System.Security.Cryptography;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.Browser;

/// <summary>Admin and a simulated Triton, for the pages of backends.</summary>
public sealed class BackendsStage(StoreServers servers) : IAsyncLifetime
{
    /// <summary>Admin.</summary>
    internal AdminStage Admin { get; private set; } = null!;

    /// <summary>The Triton.</summary>
    internal SimulatedTriton Triton { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Browser.Executable is null, "There is no Chromium here.");
        Triton = await SimulatedTriton.StartAsync(new SimulatorOptions { BrokenModels = { "generic" } });
        Admin = await AdminStage.StartAsync(
            servers, null, ("AIROUTER_ENCRYPTION_KEY", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Triton is not null)
        {
            await Triton.DisposeAsync();
        }

        if (Admin is not null)
        {
            await Admin.DisposeAsync();
        }
    }
}
