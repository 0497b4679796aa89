using System.Collections.Concurrent;
using AiRouter.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Faults.OpenAi;

/// <summary>Requests that failed leave nothing in memory, whatever else the process does meanwhile.</summary>
public sealed class FaultMemoryTests
{
    private const int Requests = 120;

    [Fact]
    public async Task Requests_that_met_a_fault_are_collected()
    {
        var scripts = new Func<FaultConnection, Task>[]
        {
            Scripts.Sends(""),
            Scripts.Sends(HealthyAnswer.JsonHead(1000), HealthyAnswer.StreamHead),
            Scripts.Sends("nonsense\r\n\r\n"),
            Scripts.Sends(HealthyAnswer.JsonHead(2, "500 Oops") + "{}"),
            Scripts.Sends(HealthyAnswer.WholeResponse[..200], HealthyAnswer.OpenStreamHead + HealthyAnswer.First + HealthyAnswer.Second),
            Scripts.Sends(HealthyAnswer.JsonHead(2) + "[]", HealthyAnswer.OpenStreamHead + "data: nonsense\n\n"),
        };
        var next = -1;
        await using var backend = new FaultyBackend(c => scripts[Interlocked.Increment(ref next) % scripts.Length](c)).Listen();
        var watched = new WatchedRequests();
        await using var router = await RunningRouter.StartAsync(
            $$"""
            backends: { faulty: { kind: openai, url: "http://127.0.0.1:{{backend.Port}}/v1", breaker: { enabled: false } } }
            models: { public-model: { retry: { attempts: 1 }, targets: [ { backend: faulty } ] } }
            """,
            services => services.AddSingleton<IStartupFilter>(watched));

        for (var i = 0; i < Requests; i++)
        {
            var isStream = i / scripts.Length % 2 == 1;
            var response = await RawHttp.PostAsync(
                router.Root, "/v1/chat/completions",
                $$"""{"model":"public-model","messages":[{"role":"user","content":"x"}],"stream":{{(isStream ? "true" : "false")}}}""");
            Assert.True(response.Status >= 500 || !response.IsWhole, response.Head + response.Body);
        }

        await LeakCheck.HoldsNothingAsync(router);
        Assert.Equal(Requests, watched.Count);

        // The connections of the last ones may just be ending.
        await Eventually.HoldsAsync(() => watched.Alive <= 2 && backend.Open == 0);
    }

    /// <summary>Remembers each request without keeping it alive.</summary>
    private sealed class WatchedRequests : IStartupFilter
    {
        private readonly ConcurrentBag<WeakReference> _requests = [];

        public int Count => _requests.Count;

        public int Alive
        {
            get
            {
                GC.Collect();
                return _requests.Count(static r => r.IsAlive);
            }
        }

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (HttpContext http, RequestDelegate rest) =>
            {
                _requests.Add(new WeakReference(http));
                await rest(http);
            });
            next(app);
        };
    }
}
