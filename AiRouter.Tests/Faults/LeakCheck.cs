using AiRouter.Api.Admission;
using AiRouter.Api.Backends;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Faults;

/// <summary>Whether a router holds anything of requests that have ended.</summary>
internal static class LeakCheck
{
    /// <summary>Waits until it holds nothing; fails with what it holds when that takes too long.</summary>
    public static async Task HoldsNothingAsync(RunningRouter router)
    {
        try
        {
            await Eventually.HoldsAsync(() => Held(router).Length == 0);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail("The router still holds: " + Held(router));
        }
    }

    private static string Held(RunningRouter router)
    {
        List<string> held = [];
        Add(held, "buffered bytes", router.Services.GetRequiredService<BodyBudget>().Used);
        Add(held, "streams", router.Services.GetRequiredService<KeepAliveClock>().Count);
        Add(held, "reservations", router.Services.GetRequiredService<RunningReservations>().Count);
        if (router.Services.GetRequiredService<RouterStates>().Enter() is { } state)
        {
            foreach (var (name, route) in state.Routes)
            {
                Add(held, $"places of {name}", route.State.Queue.Running + route.State.Queue.Waiting);
                Add(held, $"requests at targets of {name}", route.Targets.Sum(static t => t.State.Load.InFlight));
            }

            state.LeaveAsync().AsTask().GetAwaiter().GetResult();
        }

        return string.Join(", ", held);
    }

    private static void Add(List<string> held, string what, long count)
    {
        if (count != 0)
        {
            held.Add($"{count} {what}");
        }
    }
}
