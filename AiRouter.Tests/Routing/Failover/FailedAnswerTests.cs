using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using AiRouter.Api.Telemetry;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static AiRouter.Tests.Routing.Failover.FailoverRouter;

namespace AiRouter.Tests.Routing.Failover;

/// <summary>Nothing of an attempt that failed is seen in the answer of the next, or in an error; and what goes out about attempts.</summary>
public sealed partial class FailedAnswerTests
{
    private const string Path = "/v1/chat/completions";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Headers_of_an_answer_that_broke_off_before_its_first_event_are_gone(bool isMadeGood)
    {
        await using var bad = await ScriptedUpstream.StartAsync(async call =>
        {
            call.Http.Response.Headers["openai-processing-ms"] = "1234";
            call.Http.Response.Headers["Content-Disposition"] = "attachment; filename=x";
            await call.BeginEventsAsync();
            await UpstreamCall.BreakOffAsync();
        });
        await using var good = await ScriptedUpstream.StartAsync(
            call => isMadeGood ? call.EventsAsync(StreamedAnswer) : call.JsonAsync("{}", 500));
        await using var router = await StartAsync([bad.Url, good.Url]);

        var response = await RawHttp.PostAsync(router.Root, Path, AskStream);

        Assert.Equal(isMadeGood ? 200 : 500, response.Status);
        Assert.True(response.IsWhole);
        Assert.Null(response.Header("openai-processing-ms"));
        Assert.Null(response.Header("Content-Disposition"));
    }

    [Fact]
    public async Task R28_mark_of_an_estimate_is_not_passed_on_to_an_answer_that_is_counted()
    {
        await using var bad = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 503));
        await using var good = await GoodAsync();
        await using var router = await RunningRouter.StartAsync(
            $$"""
            backends:
              b0: { url: "{{bad.Url}}", streamUsage: false }
              b1: { url: "{{good.Url}}" }
            models: { m: { targets: [ { backend: b0 }, { backend: b1, priority: 1 } ] } }
            """);

        var response = await RawHttp.PostAsync(
            router.Root, Path, """{"model":"m","messages":[{}],"stream":true,"stream_options":{"include_usage":true}}""");

        Assert.Equal(200, response.Status);
        Assert.Null(response.Header("x-airouter-usage"));
    }

    [Fact]
    public async Task R27_comments_of_a_first_attempt_stand_before_the_events_of_the_second()
    {
        await using var bad = await ScriptedUpstream.StartAsync(async call =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1.5), call.Ended);
            await call.JsonAsync("{}", 503);
        });
        await using var good = await GoodAsync();
        await using var router = await StartAsync([bad.Url, good.Url], server: "commitAfter: 0.1");

        var response = await RawHttp.PostAsync(router.Root, Path, AskStream);

        Assert.Equal(200, response.Status);
        Assert.True(response.IsWhole);
        Assert.Matches("^(: keep-alive\n)+data: \\{", response.Body);
        Assert.EndsWith("data: [DONE]\n\n", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Length_of_media_that_failed_does_not_cut_the_next()
    {
        await using var bad = await ScriptedUpstream.StartAsync(call => call.BytesAsync("application/json", "{}"u8.ToArray(), 503));
        await using var good = await ScriptedUpstream.StartAsync(call => call.BytesAsync("audio/mpeg", new byte[5000]));
        await using var router = await StartAsync([bad.Url, good.Url]);

        using var response = await router.PostAsync("audio/speech", """{"model":"m","input":"x","voice":"y"}""");

        Assert.Equal("audio/mpeg", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(5000, (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task Media_whose_first_attempt_began_as_events_come_as_bytes()
    {
        await using var bad = await ScriptedUpstream.StartAsync(async call =>
        {
            await call.BeginEventsAsync();
            await UpstreamCall.BreakOffAsync();
        });
        await using var good = await ScriptedUpstream.StartAsync(call => call.BytesAsync("audio/mpeg", new byte[5000]));
        await using var router = await StartAsync([bad.Url, good.Url], server: "commitAfter: 0.1, keepAlive: 1");

        using var response = await router.PostAsync("audio/speech", """{"model":"m","input":"x","voice":"y"}""");

        Assert.Equal("audio/mpeg", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(5000, (await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length);
    }

    [Theory]
    [InlineData(Ask, 200)]
    [InlineData(AskStream, 200)]
    [InlineData("""{"model":"nobody","messages":[{}]}""", 404)]
    public async Task Server_timing_tells_where_the_time_went(string ask, int status)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            await Task.Delay(50, call.Ended);
            await AnswerAsync(call);
        });
        await using var router = await StartAsync([upstream.Url]);

        var response = await RawHttp.PostAsync(router.Root, Path, ask);

        Assert.Equal(status, response.Status);
        var timing = Timing().Match(response.Header("Server-Timing")!);
        Assert.True(timing.Success, response.Header("Server-Timing"));
        var (upstreamTook, total) = (Of("upstream"), Of("total"));
        Assert.True(status == 404 ? upstreamTook == 0 : upstreamTook >= 45, timing.Value);
        Assert.True(total >= upstreamTook, timing.Value);

        double Of(string name) => double.Parse(timing.Groups[name].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Nothing_is_told_where_the_configuration_says_so()
    {
        await using var upstream = await GoodAsync();
        await using var router = await RunningRouter.StartAsync(upstream, config: c => c with
        {
            Server = c.Server with { ServerTiming = false, ExposeBackend = false },
        });

        var response = await RawHttp.PostAsync(router.Root, Path, """{"model":"public-model","messages":[{}]}""");

        Assert.Equal(200, response.Status);
        Assert.DoesNotContain("Server-Timing", response.Head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("x-airouter-backend", response.Head, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("x-airouter-attempts", response.Head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Access_log_and_metrics_tell_of_attempts()
    {
        var log = new LogLines<AccessLog>();
        await using var bad = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 503));
        await using var good = await GoodAsync();
        await using var router = await StartAsync(
            [bad.Url, good.Url], configure: s => s.AddSingleton<ILogger<AccessLog>>(log));
        using var listener = new MeterListener();
        var counted = new ConcurrentQueue<string>();
        var meters = router.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == TelemetryNames.Retries)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) => counted.Enqueue($"{value} {string.Join(' ', tags.ToArray().Select(t => t.Value))}"));
        listener.Start();

        Assert.Equal(200, (await RawHttp.PostAsync(router.Root, Path, Ask)).Status);

        await Eventually.HoldsAsync(() => log.All.Count > 0);
        Assert.Contains(" backend=b1 attempts=2 ", Assert.Single(log.All), StringComparison.Ordinal);
        Assert.Equal("1 m Refused", Assert.Single(counted));
    }

    [Fact]
    public async Task Browsers_may_read_what_is_told()
    {
        await using var upstream = await GoodAsync();
        await using var router = await StartAsync([upstream.Url]);

        var exposed = (await RawHttp.PostAsync(router.Root, Path, Ask, "Origin: https://app\r\n")).Header("Access-Control-Expose-Headers")!;

        Assert.All(["x-airouter-backend", "x-airouter-attempts", "Server-Timing"], name => Assert.Contains(name, exposed));
    }

    [GeneratedRegex(@"^queue;dur=\d+\.\d, upstream;dur=(?<upstream>\d+\.\d), total;dur=(?<total>\d+\.\d)$")]
    private static partial Regex Timing();
}
