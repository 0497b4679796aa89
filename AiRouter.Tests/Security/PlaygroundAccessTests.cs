using System.Net;
using System.Text.Json.Nodes;
using AiRouter.Api.Authentication;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Core.Metering;
using AiRouter.Core.Playground;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Security;

/// <summary>R7: what a router does with a playground token, and what becomes of it nowhere.</summary>
public sealed class PlaygroundAccessTests(StoreServers servers) : IAsyncLifetime
{
    private const string Answer =
        """{"id":"c1","object":"chat.completion","model":"backend-model","choices":[{"index":0,"message":{"role":"assistant","content":"Four."},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}""";

    private const string Chat = """{"model":"public-model","messages":[{"role":"user","content":"What is 2+2?"}]}""";

    private readonly LogLines<AccessLog> _access = new();
    private readonly LogLines<Authenticator> _refused = new();
    private RedisStore _store = null!;
    private ScriptedUpstream _upstream = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await servers.OpenAsync(StoreKind.Redis);
        _upstream = await ScriptedUpstream.StartAsync(Answer);
    }

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task R7_admin_asks_as_a_key_and_log_and_usage_name_both()
    {
        await using var router = await StartAsync(Key("team-a"));
        var token = await IssueAsync("alice", "file:team-a");

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(router, token)).Status);

        var logged = default(LoggedRequest);
        await Eventually.HoldsAsync(async () =>
            (logged = (await router.Services.GetRequiredService<IUsageStore>().RequestsAsync(1, Cancelled)).SingleOrDefault()) is not null);
        Assert.Equal(("file:team-a", "team-a", "alice"), (logged!.Request.KeyId, logged.Request.KeyName, logged.Request.Admin));
        await Eventually.HoldsAsync(() => _access.All.Count > 0);
        var line = Assert.Single(_access.All);
        Assert.Contains(" key=team-a ", line, StringComparison.Ordinal);
        Assert.EndsWith(" admin=alice", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R7_models_operations_and_limits_of_the_key_hold()
    {
        await using var router = await StartAsync(
            Key("limited") with { Limits = new LimitsConfig { RequestsPerMinute = 1 } },
            Key("other") with { Models = ["else-*"] },
            Key("embeds") with { Operations = ["embeddings"] });

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(router, await IssueAsync("alice", "file:limited"))).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SendAsync(router, await IssueAsync("alice", "file:limited"))).Status);
        Assert.Equal((HttpStatusCode.Forbidden, "model_not_allowed"), Coded(await SendAsync(router, await IssueAsync("alice", "file:other"))));
        Assert.Equal((HttpStatusCode.Forbidden, "operation_not_allowed"), Coded(await SendAsync(router, await IssueAsync("bob", "file:embeds"))));
        Assert.Single(_upstream.Requests);
    }

    [Fact]
    public async Task R7_token_is_worth_nothing_once_its_key_is_disabled_revoked_or_gone()
    {
        await using var router = await StartAsync(Key("off"), Key("late"), Key("gone"));
        var keys = router.Services.GetRequiredService<IKeyStore>();
        var (stored, _) = TestKeys.Make("stored");
        await keys.CreateAsync(stored, Cancelled);
        var tokens = new Dictionary<string, string>();
        foreach (var id in (string[])["file:off", "file:late", "file:gone", stored.Id])
        {
            tokens[id] = await IssueAsync("alice", id);
            await Eventually.HoldsAsync(async () => (await SendAsync(router, tokens[id])).Status == HttpStatusCode.OK);
        }

        var served = _upstream.Requests.Count;
        router.Configuration.Update(router.Configuration.Current!.Config with
        {
            Keys = [Key("off") with { Disabled = true }, Key("late") with { Expires = DateTimeOffset.UtcNow }],
        });
        await keys.RevokeAsync(stored.Id, TestKeys.By(), Cancelled);
        await Eventually.HoldsAsync(async () => (await SendAsync(router, tokens[stored.Id])).Status == HttpStatusCode.Unauthorized);
        served = Math.Max(served, _upstream.Requests.Count);

        foreach (var (id, why) in new[]
        {
            ("file:off", "is switched off"), ("file:late", "has expired"), ("file:gone", "was revoked"), (stored.Id, "was revoked"),
        })
        {
            var (status, body) = await SendAsync(router, tokens[id]);
            Assert.Equal(HttpStatusCode.Unauthorized, status);
            Assert.Contains(why, body, StringComparison.Ordinal);
        }

        Assert.Equal(served, _upstream.Requests.Count);
    }

    [Theory]
    [InlineData(AuthenticationMode.Required)]
    [InlineData(AuthenticationMode.Auto)]
    [InlineData(AuthenticationMode.Optional)]
    [InlineData(AuthenticationMode.None)]
    public async Task R7_forged_expired_and_foreign_tokens_are_refused_in_every_mode(AuthenticationMode mode)
    {
        await using var router = await StartAsync(c => c with { Server = c.Server with { Authentication = mode } });
        await using var others = await servers.OpenAsync(StoreKind.Redis);
        var past = new FakeTimeProvider(DateTimeOffset.UtcNow.AddMinutes(-2));
        var good = await IssueAsync("alice", null);

        foreach (var token in new[]
        {
            "sk-air-play-", "sk-air-play-AAAA", good[..^2], good[..40] + (good[40] == 'A' ? 'B' : 'A') + good[41..], await Tokens(others).IssueAsync("alice", null, Cancelled),
            await Tokens(_store, past).IssueAsync("alice", null, Cancelled),
        })
        {
            var (status, body) = await SendAsync(router, token);
            Assert.Equal(HttpStatusCode.Unauthorized, status);
            Assert.DoesNotContain(token, body, StringComparison.Ordinal);
        }

        Assert.Empty(_upstream.Requests);
        Assert.Equal(6, _refused.All.Count);
    }

    [Fact]
    public async Task R7_admin_may_ask_as_nobody_but_never_for_stored_objects()
    {
        await using var router = await StartAsync(Key("some"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(router, null)).Status);

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(router, await IssueAsync("alice", null))).Status);
        await Eventually.HoldsAsync(() => _access.All.Count == 2);
        Assert.Contains(" key=- ", _access.All[^1], StringComparison.Ordinal);
        using var files = new HttpRequestMessage(HttpMethod.Get, "files");
        files.Headers.Authorization = new("Bearer", await IssueAsync("alice", null));
        Assert.Equal(HttpStatusCode.Forbidden, (await router.Http.SendAsync(files, Cancelled)).StatusCode);
    }

    [Fact]
    public async Task R7_router_without_a_store_takes_no_token()
    {
        await using var router = await RunningRouter.StartAsync(_upstream);

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(router, await IssueAsync("alice", null))).Status);
    }

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("x-api-key", "")]
    [InlineData("api-key", "")]
    public async Task R7_token_never_reaches_a_backend_and_neither_does_what_stands_beside_it(string header, string prefix)
    {
        await using var router = await StartAsync(c => c, b => b with { ApiKey = "forward" });
        var token = await IssueAsync("alice", null);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"chat/completions?key={token}&api-key={token}");
        request.Content = new StringContent(Chat, System.Text.Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation(header, prefix + token);
        request.Headers.TryAddWithoutValidation(header == "api-key" ? "x-api-key" : "api-key", "sk-somebody-elses");

        Assert.Equal(HttpStatusCode.OK, (await router.Http.SendAsync(request, Cancelled)).StatusCode);

        var sent = Assert.Single(_upstream.Requests);
        var everything = sent.Target + sent.Text + string.Concat(sent.Headers.Values);
        Assert.DoesNotContain("sk-air-", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-somebody", everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R7_token_is_in_no_log_and_not_in_the_store()
    {
        await using var router = await StartAsync(Key("team-a") with { LogBodies = true });
        var token = await IssueAsync("alice", "file:team-a");
        var said = Chat.Replace("What is 2+2?", $"My token is {token}, is it not?", StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(router, token, said)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(router, token + "AAAA", said)).Status);

        var usage = router.Services.GetRequiredService<IUsageStore>();
        await Eventually.HoldsAsync(async () => (await usage.RequestsAsync(2, Cancelled)).Count == 2);
        var bodies = await usage.BodiesAsync((await usage.RequestsAsync(2, Cancelled))[1].Id, Cancelled);
        Assert.Contains("My token is [redacted], is it not?", bodies!.Request, StringComparison.Ordinal);
        var store = await Management.StoreContent.ReadAsync(await servers.ConnectionStringAsync(StoreKind.Redis), _store.Key("").Trim('{', '}', ':'));
        Assert.Contains("My token is", store, StringComparison.Ordinal);
        var mark = token[^20..];
        Assert.All([store, .. _access.All, .. _refused.All], text => Assert.DoesNotContain(mark, text, StringComparison.Ordinal));
    }

    private static KeyConfig Key(string name) => new() { Name = name, Hash = ClientKeySecret.HashOf(ClientKeySecret.Create()) };

    private static (HttpStatusCode Status, string? Code) Coded((HttpStatusCode Status, string Body) answer) =>
        (answer.Status, (string?)JsonNode.Parse(answer.Body)!["error"]!["code"]);

    private static PlaygroundTokens Tokens(IStore store, TimeProvider? time = null) =>
        new(new PlaygroundSecrets(store, time ?? TimeProvider.System), time ?? TimeProvider.System);

    private async Task<string> IssueAsync(string admin, string? keyId) => await Tokens(_store).IssueAsync(admin, keyId, Cancelled);

    private Task<RunningRouter> StartAsync(params KeyConfig[] keys) => StartAsync(c => c with { Keys = keys });

    private async Task<RunningRouter> StartAsync(
        Func<RouterConfig, RouterConfig> config, Func<BackendConfig, BackendConfig>? backend = null) => await RunningRouter.StartAsync(
        _upstream,
        backend,
        config: c => config(c) with { Metering = new() { RequestLog = new() { Enabled = true } } },
        configure: services => services
            .AddSingleton<IStore>(_store).AddKeyStore().AddPlaygroundTokens(null).AddMetering()
            .AddSingleton<ILogger<AccessLog>>(_access)
            .AddSingleton<ILogger<Authenticator>>(_refused));

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(RunningRouter router, string? token, string body = Chat)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "chat/completions");
        request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using var answer = await router.Http.SendAsync(request, Cancelled);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }
}
