using AiRouter.AppHost;
using AiRouter.AppHost.Workspaces;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.AppHost.Integration.WithAspire;

/// <summary>The AppHost through Aspire.Hosting.Testing.</summary>
internal sealed class AppHostForm(DistributedApplication app) : IRunningForm
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(3);

    /// <summary>Starts it.</summary>
    /// <param name="options">Its ports and files.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="collector">Where telemetry goes, over gRPC: in the place of the dashboard.</param>
    public static async Task<IRunningForm> StartAsync(RunOptions options, string[] arguments, string collector)
    {
        _ = options;
        var cancellationToken = TestContext.Current.CancellationToken;
        var builder = await DistributedApplicationTestingBuilder
            .CreateAsync(typeof(Launch), [.. arguments, $"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL={collector}"], cancellationToken)
            .WaitAsync(_deadline, cancellationToken);
        var app = await builder.BuildAsync(cancellationToken).WaitAsync(_deadline, cancellationToken);
        var form = new AppHostForm(app);
        try
        {
            await app.StartAsync(cancellationToken).WaitAsync(_deadline, cancellationToken);
            await form.IsHealthyAsync("api");
            await form.IsHealthyAsync("admin");
            return form;
        }
        catch
        {
            await form.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>The AppHost is in this process, and takes what it would take for a user of this checkout.</remarks>
    public string AdminKey => Environment.GetEnvironmentVariable("AIROUTER_ADMIN_KEY") is { Length: > 0 } given
        ? given
        : Workspace.Find().Secret(Workspace.AdminKeyName);

    /// <inheritdoc/>
    public Task IsHealthyAsync(string resource) => app.Services.GetRequiredService<ResourceNotificationService>()
        .WaitForResourceHealthyAsync(resource, TestContext.Current.CancellationToken)
        .WaitAsync(_deadline, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
