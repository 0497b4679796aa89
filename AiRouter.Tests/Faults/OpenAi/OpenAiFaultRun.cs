using AiRouter.Api.Backends;
using AiRouter.Api.Health;
using AiRouter.Api.Routing.Targets;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Faults.OpenAi;

/// <summary>Has a fault happen between a client, a router and one or two backends, all over sockets.</summary>
internal static class OpenAiFaultRun
{
    /// <summary>One request that meets the fault, and one after it.</summary>
    public static async Task<FaultOutcome> RunAsync(OpenAiFault fault, bool isStream, int targets)
    {
        // Breakers and cool-downs have a clock of their own: they end when the test says so.
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var second = new FaultyBackend(static _ => Task.CompletedTask);
        second.Heal();
        await using var faulty = new FaultyBackend(fault.Script)
        {
            Elsewhere = new Uri($"http://127.0.0.1:{second.Port}/v1/chat/completions"),
            FaultCertificate = fault.FaultCertificate,
            Certificate = fault.Certificate,
        };
        if (fault.Listens)
        {
            faulty.Listen();
        }

        await using var router = await RunningRouter.StartAsync(
            Configuration(fault, faulty, second, targets), services => services.AddSingleton(new RouteServices(clock, new Random(1))));
        var response = await PostAsync(router, Ask(fault.Content, isStream), faulty);
        var outcome = ClientAnswer.Read(response, isStream, HealthyAnswer.Text, showsWait: true);
        AssertHidesBackends(response, faulty, second);
        Assert.True(faulty.Written <= fault.MaxTaken, $"The router took {faulty.Written} bytes.");
        Assert.True(targets > 1 || second.Answers == 0, "The router asked a server that the model does not have.");
        await LeakCheck.HoldsNothingAsync(router);
        outcome = outcome.With(HealthOf(router), targets == 1 ? null : second.Answers > 0);

        // A backend that closes a connection late would do so under the next request, which is another fault.
        await Eventually.HoldsAsync(() => fault.LastsUntilHealed || faulty.Playing == 0);
        faulty.Heal();
        clock.Advance(TimeSpan.FromHours(2));
        await AssertWorksAsync(router, faulty, isStream, !fault.Origin.EndsWith(".invalid", StringComparison.Ordinal));
        return outcome;
    }

    private static string HealthOf(RunningRouter router)
    {
        var state = router.Services.GetRequiredService<RouterStates>().Enter()!;
        var standing = state.Routes["public-model"].Targets[0].State.Health.Standing;
        state.LeaveAsync().AsTask().GetAwaiter().GetResult();
        return standing switch
        {
            { IsOut: true } => FaultOutcome.Failure,
            { Rest: TargetRest.Asked } => FaultOutcome.RestOf((int)standing.UsableIn.TotalSeconds),
            { Rest: TargetRest.Guessed } => FaultOutcome.Rest,
            _ => FaultOutcome.NoFailure,
        };
    }

    private static async Task AssertWorksAsync(RunningRouter router, FaultyBackend faulty, bool isStream, bool isSameTarget)
    {
        var answers = faulty.Answers;
        var response = await PostAsync(router, Ask("12345678", isStream, isSameTarget ? "public-model" : "other-model"), faulty);
        Assert.Equal(FaultOutcome.Right, ClientAnswer.Read(response, isStream, HealthyAnswer.Text));
        Assert.Equal(isSameTarget ? 1 : 0, faulty.Answers - answers);
        await LeakCheck.HoldsNothingAsync(router);
        await Eventually.HoldsAsync(() => faulty.Open == 0);
    }

    private static void AssertHidesBackends(RawResponse response, FaultyBackend faulty, FaultyBackend second)
    {
        foreach (var secret in (string[])["127.0.0.1", "localhost", ".invalid", $":{faulty.Port}", $":{second.Port}", "backend-model"])
        {
            Assert.DoesNotContain(secret, response.Head + response.Body, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static string Configuration(OpenAiFault fault, FaultyBackend faulty, FaultyBackend second, int targets) =>
        $$"""
        server: {{fault.Server}}
        backends:
          faulty:
            kind: openai
            url: {{fault.Origin}}:{{faulty.Port}}/v1
            timeouts: {{fault.Timeouts}}
            breaker: { failures: 1, open: 100, maxOpen: 100 }
            {{fault.Backend}}
          second: { kind: openai, url: "http://127.0.0.1:{{second.Port}}/v1" }
        models:
          public-model:
            maxTokens: { default: 16, max: 64 }
            limits: { concurrent: 1, tokensPerMinute: 100000000 }
            retry: { attempts: {{targets}}, backoff: 0.01{{(fault.Retry is null ? "" : ", " + fault.Retry)}} }
            targets:
              - { backend: faulty, model: backend-model, stream: {{fault.TargetStream}} }
              {{(targets == 2 ? "- { backend: second, model: backend-model, priority: 1 }" : "")}}
          other-model: { targets: [ { backend: second, model: backend-model } ] }
        """;

    private static string Ask(string content, bool isStream, string model = "public-model") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{content}}"}]{{(isStream ? ",\"stream\":true" : "")}}}""";

    private static Task<RawResponse> PostAsync(RunningRouter router, string json, FaultyBackend faulty) => RawHttp.PostAsync(
        router.Root, "/v1/chat/completions", json, received: soFar =>
        {
            if (soFar.Span.IndexOf("Hello"u8) >= 0)
            {
                faulty.Seen.TrySetResult();
            }
        });
}
