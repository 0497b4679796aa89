using AiRouter.AppHost.Topology;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AiRouter.AppHost.Aspire;

/// <summary>Tells the console how the start goes; the dashboard has the details.</summary>
internal static class StartReport
{
    /// <summary>Waits until the router and Admin are healthy and announces them, or until Ctrl-C. A resource that fails is named.</summary>
    public static async Task AnnounceAsync(this DistributedApplication app, RouterTopology topology)
    {
        var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ready = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var failures = TellFailuresAsync(app, ready.Token);
        try
        {
            foreach (var resource in (string[])[Wiring.Resources.Api, Wiring.Resources.Admin])
            {
                await app.ResourceNotifications.WaitForResourceHealthyAsync(
                    resource, WaitBehavior.WaitOnResourceUnavailable, stopping);
            }

            Console.Write(Announcement.For(topology));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Ctrl-C before everything was there.
        }
        finally
        {
            await ready.CancelAsync();
            await failures;
        }
    }

    private static async Task TellFailuresAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        var told = new HashSet<string>();
        try
        {
            await foreach (var change in app.ResourceNotifications.WatchAsync(cancellationToken))
            {
                var state = change.Snapshot.State?.Text;
                if (state is not null && (state == KnownResourceStates.FailedToStart || state == KnownResourceStates.Exited
                    || state == KnownResourceStates.RuntimeUnhealthy) && told.Add($"{change.Resource.Name} {state}"))
                {
                    await Console.Error.WriteLineAsync(
                        $"AiRouter: {change.Resource.Name} is {state}; the dashboard shows its log, and can start it again.");
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Everything is there, or the run ends.
        }
    }
}
