using System.Net;
using AiRouter.ServiceDefaults;

namespace AiRouter.Tests.ServiceDefaults;

public sealed class DefaultEndpointsTests
{
    [Fact]
    public async Task Live_answers_as_long_as_the_process_does()
    {
        await using var service = await ServiceUnderTest.StartAsync(
            [], new ReadinessContract { HasStarted = static () => false });

        Assert.Equal("""{"status":"live"}""", await service.GetAsync("/health/live"));
    }

    [Fact]
    public async Task Health_check_of_the_original_is_an_empty_200()
    {
        await using var service = await ServiceUnderTest.StartAsync([]);

        Assert.Empty(await service.GetAsync("/health_check"));
    }

    [Fact]
    public async Task Probes_answer_HEAD_too()
    {
        await using var service = await ServiceUnderTest.StartAsync([]);
        foreach (var path in new[] { "/health/live", "/health/ready", "/health_check" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, path);
            using var response = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task R30_ready_is_503_until_the_first_configuration_and_while_draining()
    {
        var started = false;
        await using var service = await ServiceUnderTest.StartAsync(
            [], new ReadinessContract { HasStarted = () => started });

        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"starting"}"""), await ReadyAsync(service));

        started = true;
        Assert.Equal((HttpStatusCode.OK, """{"status":"ready"}"""), await ReadyAsync(service));

        // The listener is still open while these callbacks run.
        var draining = default((HttpStatusCode, string));
        service.App.Lifetime.ApplicationStopping.Register(
            () => draining = Task.Run(() => ReadyAsync(service)).GetAwaiter().GetResult());
        await service.StopAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"draining"}"""), draining);
    }

    [Fact]
    public async Task R30_degradation_is_told_to_those_who_may_know_and_changes_no_status()
    {
        var readiness = new ReadinessContract
        {
            HasStarted = static () => true,
            Details = static context => ValueTask.FromResult<IReadOnlyList<ReadinessDetail>?>(
                context.Request.Headers.Authorization == "Bearer known"
                    ? [new("backend gpu-1", false, "refused"), new("backend gpu-2", true)]
                    : null),
        };
        await using var service = await ServiceUnderTest.StartAsync([], readiness);

        Assert.Equal("""{"status":"ready"}""", await service.GetAsync("/health/ready"));

        service.Client.DefaultRequestHeaders.Authorization = new("Bearer", "known");
        Assert.Equal(
            """{"status":"ready","checks":[{"name":"backend gpu-1","healthy":false,"reason":"refused"},"""
            + """{"name":"backend gpu-2","healthy":true}]}""",
            await service.GetAsync("/health/ready"));
    }

    [Fact]
    public async Task Metrics_are_prometheus_text_of_the_frameworks_meters_and_ours()
    {
        await using var service = await ServiceUnderTest.StartAsync([]);
        await service.GetAsync("/hello");

        var metrics = await service.GetAsync("/metrics");

        Assert.Contains("\ngreetings_total", metrics, StringComparison.Ordinal);
        Assert.Contains("\nhttp_server_request_duration_seconds_bucket{", metrics, StringComparison.Ordinal);
        Assert.Contains("\ndotnet_gc_collections_total", metrics, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string Body)> ReadyAsync(ServiceUnderTest service)
    {
        using var response = await service.Client.GetAsync("/health/ready");
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
