using System.Text;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Routing.Policies;

/// <summary>Policies at work: a router between clients and three backends, all on sockets.</summary>
public sealed class PolicyEndToEndTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_of_one_user_go_to_one_backend_and_users_of_different_keys_have_nothing_in_common()
    {
        await using var backends = await NamedBackends.StartAsync();
        await using var router = await RunningRouter.StartAsync(backends.Yaml("policy: sticky") + $$"""

            keys:
              - { name: one, hash: "{{TestConfigs.HashOf("sk-one")}}" }
              - { name: two, hash: "{{TestConfigs.HashOf("sk-two")}}" }
            """);

        var differs = 0;
        var used = new HashSet<string>();
        for (var i = 0; i < 16; i++)
        {
            var body = $$"""{"model":"m","user":"user-{{i}}","messages":[{"role":"user","content":"hi"}]}""";
            var home = await AskAsync(router, body, "sk-one");
            used.Add(home);
            Assert.Equal(home, await AskAsync(router, body, "sk-one"));
            Assert.Equal(home, await AskAsync(router, body.Replace("\"hi\"", "\"another\"", StringComparison.Ordinal), "sk-one"));
            differs += await AskAsync(router, body, "sk-two") == home ? 0 : 1;
        }

        Assert.Equal(3, used.Count);
        Assert.InRange(differs, 4, 16);
    }

    [Fact]
    public async Task Two_routers_that_share_nothing_send_a_session_to_the_same_backend()
    {
        await using var backends = await NamedBackends.StartAsync();
        var yaml = backends.Yaml("policy: sticky, sticky: { by: header, header: x-session }");
        await using var first = await RunningRouter.StartAsync(yaml);
        await using var second = await RunningRouter.StartAsync(yaml);
        for (var i = 0; i < 12; i++)
        {
            const string Body = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";
            Assert.Equal(
                await AskAsync(first, Body, session: $"session-{i}"), await AskAsync(second, Body, session: $"session-{i}"));
        }
    }

    [Fact]
    public async Task Conversation_stays_at_the_backend_that_has_its_beginning()
    {
        await using var backends = await NamedBackends.StartAsync();
        await using var router = await RunningRouter.StartAsync(backends.Yaml("policy: prefix"));
        var used = new HashSet<string>();
        for (var conversation = 0; conversation < 12; conversation++)
        {
            var messages = new StringBuilder($$"""{"role":"user","content":"conversation {{conversation}}"}""");
            var home = await AskAsync(router, Body(messages));
            used.Add(home);
            for (var turn = 0; turn < 4; turn++)
            {
                messages.Append($$""",{"role":"assistant","content":"answer"},{"role":"user","content":"turn {{turn}}"}""");
                Assert.Equal(home, await AskAsync(router, Body(messages)));
            }
        }

        Assert.InRange(used.Count, 2, 3);
    }

    [Fact]
    public async Task Round_robin_goes_round_and_least_busy_leaves_the_one_that_hangs()
    {
        await using var backends = await NamedBackends.StartAsync();
        await using var router = await RunningRouter.StartAsync(backends.Yaml("policy: round-robin"));
        const string Body = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";
        var order = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            order.Add(await AskAsync(router, Body));
        }

        Assert.Equal(["a", "b", "c", "a", "b", "c"], order);

        router.Configuration.Update(backends.Yaml("policy: least-busy"));
        backends.HangsNext = true;
        using var leave = new CancellationTokenSource();
        var hung = router.Http.SendAsync(Request(Body), leave.Token);
        await Eventually.HoldsAsync(() => backends.Hanging is not null);
        for (var i = 0; i < 20; i++)
        {
            Assert.NotEqual(backends.Hanging, await AskAsync(router, Body));
        }

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hung);
    }

    private static string Body(StringBuilder messages) => $$"""{"model":"m","messages":[{{messages}}]}""";

    private static async Task<string> AskAsync(RunningRouter router, string body, string? key = null, string? session = null)
    {
        using var response = await router.Http.SendAsync(Request(body, key, session), Token);
        response.EnsureSuccessStatusCode();
        var text = await response.Content.ReadAsStringAsync(Token);
        return text.Split("\"served_by\":\"")[1][..1];
    }

    private static HttpRequestMessage Request(string body, string? key = null, string? session = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "chat/completions")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        if (session is not null)
        {
            request.Headers.Add("x-session", session);
        }

        return request;
    }
}
