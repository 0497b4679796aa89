using System.Net;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.Health;

/// <summary>Probes of real servers on loopback.</summary>
public sealed class ProbeTests
{
    private const string Chat = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Backend_that_fails_probes_is_out_and_the_next_good_one_lets_one_request_try()
    {
        var status = 200;
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", status));
        await using var router = await ProbedRouter.StartAsync(Yaml(upstream));
        await router.WaitAsync(() => upstream.Requests.Count >= 2);
        Assert.Equal(TargetReportState.Usable, router.Target("m").State);

        status = 500;
        await router.BecomesAsync("m", TargetReportState.ProbesFail);
        Assert.Equal(
            "Warning: The backend up has failed 2 probes in a row (ServerError): its targets are left alone until a probe succeeds",
            Assert.Single(router.Log.All));

        status = 200;
        await router.BecomesAsync("m", TargetReportState.HalfOpen);
        Assert.Equal(
            "Information: The backend up answers probes again: its targets are tried by the next requests", router.Log.All[^1]);
    }

    [Fact]
    public async Task Probe_has_the_backends_own_credential_and_asks_for_its_models()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await ProbedRouter.StartAsync(
            Yaml(upstream, "apiKey: env:AIROUTER_SECRET_BACKEND, headers: { x-extra: yes }"));
        await router.WaitAsync(() => !upstream.Requests.IsEmpty);
        var probe = upstream.Requests.First();
        Assert.Equal(("GET", "/v1/models"), (probe.Method, probe.Target));
        Assert.Equal("Bearer " + FixedConfiguration.BackendSecret, probe.Header("Authorization"));
        Assert.Equal("yes", probe.Header("x-extra"));
    }

    [Fact]
    public async Task Forwarded_credential_is_never_part_of_a_probe()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await ProbedRouter.StartAsync(Yaml(upstream, "apiKey: forward", "path: /health"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "chat/completions") { Content = new StringContent(Chat) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer sk-of-a-client");
        using var answer = await router.Router.Http.SendAsync(request, Cancelled);
        await router.WaitAsync(() => upstream.Requests.Count(r => r.Target == "/v1/health") >= 2);
        Assert.All(upstream.Requests.Where(r => r.Target == "/v1/health"), r => Assert.Null(r.Header("Authorization")));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    public async Task Any_answer_below_500_is_alive_and_redirects_are_not_followed(int status)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(
            call => call.JsonAsync("{}", status, ("Location", "/v1/elsewhere")));
        await using var router = await ProbedRouter.StartAsync(Yaml(upstream));
        await router.WaitAsync(() => upstream.Requests.Count >= 4);
        Assert.Equal(TargetReportState.Usable, router.Target("m").State);
        Assert.All(upstream.Requests, r => Assert.Equal("/v1/models", r.Target));
    }

    [Fact]
    public async Task Endless_answer_is_not_read()
    {
        var calls = 0;
        var sent = 0L;
        await using var upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            // Of the first probe alone: how many follow depends on the machine.
            var isFirst = Interlocked.Increment(ref calls) == 1;
            var piece = new string(' ', 65536);
            while (true)
            {
                call.Ended.ThrowIfCancellationRequested();
                await call.WriteAsync(piece);
                Interlocked.Add(ref sent, isFirst ? piece.Length : 0);
            }
        });
        await using var router = await ProbedRouter.StartAsync(Yaml(upstream));
        await router.WaitAsync(() => upstream.Requests.Count >= 2);
        await upstream.Requests.First().Aborted.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
        Assert.Equal(TargetReportState.Usable, router.Target("m").State);
        Assert.InRange(Interlocked.Read(ref sent), 0, 32 << 20);
    }

    [Fact]
    public async Task Hung_backend_is_asked_once_at_a_time_and_is_out_after_its_deadlines()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.HangAsync());
        await using var router = await ProbedRouter.StartAsync(Yaml(upstream, probe: "timeout: 60, interval: 0.5"));
        await router.WaitAsync(() => upstream.Requests.Count == 1);
        for (var second = 0; second < 30; second++)
        {
            router.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Single(upstream.Requests);
        await router.BecomesAsync("m", TargetReportState.ProbesFail);
        Assert.Contains("(TimedOut)", router.Log.All[0]);
    }

    [Fact]
    public async Task Failing_probes_of_the_only_target_do_not_refuse_requests()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(
            call => call.JsonAsync("{}", call.Request.Target == "/v1/models" ? 500 : 200));
        await using var router = await ProbedRouter.StartAsync(Yaml(upstream));
        await router.BecomesAsync("m", TargetReportState.ProbesFail);
        using var answer = await router.Router.PostAsync("chat/completions", Chat);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Reload_begins_and_ends_probes()
    {
        await using var one = await ScriptedUpstream.StartAsync("{}");
        await using var other = await ScriptedUpstream.StartAsync("{}");
        await using var router = await ProbedRouter.StartAsync(Yaml(one));
        await router.WaitAsync(() => !one.Requests.IsEmpty);
        router.Router.Configuration.Update(Yaml(other));
        await router.WaitAsync(() => !other.Requests.IsEmpty);
        var before = one.Requests.Count;
        var more = other.Requests.Count + 3;
        await router.WaitAsync(() => other.Requests.Count >= more);
        Assert.Equal(before, one.Requests.Count);
    }

    [Theory]
    [InlineData("enabled: false", "m")]
    [InlineData("enabled: true", "nobody")]
    public async Task Backend_is_not_asked_when_that_is_off_or_no_model_is_there(string probe, string model)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var asked = await ScriptedUpstream.StartAsync("{}");
        var yaml = Yaml(upstream, probe: probe).Replace("m: {", $"{model}: {{", StringComparison.Ordinal) +
            $"  other: {{ targets: [ {{ backend: asked }} ] }}\n";
        yaml = yaml.Replace("models:", $"  asked: {{ url: \"{asked.Url}\" }}\nmodels:", StringComparison.Ordinal);
        yaml = model == "nobody" ? yaml.Replace("backend: up ", "backend: asked ", StringComparison.Ordinal) : yaml;
        await using var router = await ProbedRouter.StartAsync(yaml);
        await router.WaitAsync(() => asked.Requests.Count >= 3);
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task Triton_model_that_is_unloaded_is_out_alone_until_it_is_ready_again()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var router = await ProbedRouter.StartAsync(TritonYaml(triton));
        triton.Unload("ensemble");
        await router.BecomesAsync("chat", TargetReportState.ProbesFail);
        Assert.Equal(TargetReportState.Usable, router.Target("embed").State);
        Assert.Equal(TargetReportState.Usable, router.Target("any-*").State);
        Assert.Equal(
            "Warning: The backend gpu says that its model ensemble is not ready: it is left alone until it is",
            Assert.Single(router.Log.All));
        triton.Load("ensemble");
        await router.BecomesAsync("chat", TargetReportState.HalfOpen);
        using var answer = await router.Router.PostAsync("chat/completions", Chat.Replace("\"m\"", "\"chat\"", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Triton_that_is_killed_and_restarted_goes_out_and_comes_back()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var router = await ProbedRouter.StartAsync(TritonYaml(triton));
        await triton.KillAsync();
        await router.BecomesAsync("embed", TargetReportState.ProbesFail);
        Assert.Equal(TargetReportState.ProbesFail, router.Target("chat").State);
        await triton.RestartAsync(Cancelled);
        await router.BecomesAsync("embed", TargetReportState.HalfOpen);
    }

    [Fact]
    public async Task Triton_that_says_it_is_not_ready_is_out()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        triton.Ready = false;
        await using var router = await ProbedRouter.StartAsync(TritonYaml(triton));
        await router.BecomesAsync("chat", TargetReportState.ProbesFail);
        Assert.Contains("(NotReady)", Assert.Single(router.Log.All));
    }

    private static string Yaml(ScriptedUpstream upstream, string backend = "enabled", string probe = "timeout: 600") =>
        $$"""
        server: { authentication: none }
        backends:
          up: { url: "{{upstream.Url}}", probe: { {{probe}} }{{(backend == "enabled" ? "" : ", " + backend)}} }
        models:
          m: { targets: [ { backend: up } ] }

        """;

    private static string TritonYaml(SimulatedTriton triton) =>
        $$"""
        server: { authentication: none }
        backends:
          gpu: { kind: triton, url: "{{triton.Address}}", probe: { timeout: 600 } }
        models:
          chat: { targets: [ { backend: gpu, model: ensemble } ] }
          embed: { targets: [ { backend: gpu, model: bge } ] }
          any-*: { targets: [ { backend: gpu } ] }
        """;
}
