using System.Diagnostics;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Telemetry;
using AiRouter.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Telemetry;

/// <summary>Without an OTLP endpoint nothing is made for spans.</summary>
public sealed class TelemetryOffTests
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const int Times = 10_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Process_makes_no_activity_and_the_clients_context_passes_as_it_came()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(static call => call.JsonAsync(
            """{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"x"}}]}"""));
        var (process, http) = await ApiProcess.StartAsync(new Dictionary<string, string>
        {
            ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true",
            ["AIROUTER_CONFIG_YAML"] =
                $$"""
                server: { authentication: none }
                backends: { up: { kind: openai, url: "{{upstream.Url}}" } }
                models: { public-model: { targets: [ { backend: up } ] } }
                """,
        });
        await using (process)
        using (http)
        {
            foreach (var trace in new[] { null, Trace })
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
                {
                    Content = new StringContent("""{"model":"public-model","messages":[{"role":"user","content":"x"}]}"""),
                };
                request.Content.Headers.ContentType = new("application/json");
                request.Headers.TryAddWithoutValidation("traceparent", trace);
                using var response = await http.SendAsync(request, Cancelled);

                Assert.True(response.IsSuccessStatusCode);
                Assert.False(response.Headers.Contains("traceresponse"));
            }
        }

        // An activity, of whomever, would have put its own context into both. (Probes are not posted.)
        Assert.Equal([null, Trace], upstream.Requests.Where(static r => r.Method == "POST").Select(static r => r.Header("traceparent")));
    }

    [Fact]
    public async Task Request_without_an_activity_allocates_nothing_for_its_span()
    {
        var tracing = new RequestTracing(new ConfigurationBuilder().Build(), TimeProvider.System, NullLogger<RequestTracing>.Instance);
        await using var exchange = new Exchange(
            new DefaultHttpContext(), new Operation { Name = "chat", Path = "/chat/completions" }, null!, "id");
        Activity.Current = null;

        Assert.Equal(0, Allocations.Of(() => Run(tracing, exchange, Times)));
    }

    [Fact]
    public async Task Activity_that_no_sampler_chose_is_passed_on_and_described_by_nobody()
    {
        var tracing = new RequestTracing(new ConfigurationBuilder().Build(), TimeProvider.System, NullLogger<RequestTracing>.Instance);
        await using var exchange = new Exchange(
            new DefaultHttpContext(), new Operation { Name = "chat", Path = "/chat/completions" }, null!, "id");
        using var activity = new Activity("made for a log").SetIdFormat(ActivityIdFormat.W3C).Start();

        Assert.Null(tracing.Begin(exchange));
        Assert.Equal(activity.Id, exchange.Http.Response.Headers["traceresponse"]);
        Assert.Equal(activity.Id, TraceContext.Of(exchange.Http).Parent);
    }

    /// <summary>All that a request on its way does for spans, as the recorder, the dispatcher and the relays do it.</summary>
    private static void Run(RequestTracing tracing, Exchange exchange, int times)
    {
        for (var i = 0; i < times; i++)
        {
            exchange.Span = tracing.Begin(exchange);
            var attempt = exchange.Span?.BeginAttempt(null!);
            exchange.Span?.Answer.Take(default, default);
            attempt?.End(null);
            exchange.Span?.End(null);
        }
    }
}
