using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Admission;

/// <summary>A router with limits in front of a scripted backend; one key, called "team".</summary>
internal sealed class LimitedRouter : IAsyncDisposable
{
    public const string Secret = "sk-air-team";

    /// <summary>An answer of 10 input and 5 output tokens.</summary>
    public const string Answer =
        """
        {"id":"c1","object":"chat.completion","created":1,"model":"backend-model","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}
        """;

    private LimitedRouter(ScriptedUpstream upstream, RunningRouter router)
    {
        Upstream = upstream;
        Router = router;
    }

    public ScriptedUpstream Upstream { get; }

    public RunningRouter Router { get; }

    public ILimitLedger Ledger => Router.Services.GetRequiredService<ILimitLedger>();

    /// <summary>Starts both.</summary>
    /// <param name="key">Further members of the key, in flow style.</param>
    /// <param name="model">Further members of the model, in flow style.</param>
    /// <param name="rest">Further lines of the document.</param>
    /// <param name="script">How the backend answers; <see cref="Answer"/> by default.</param>
    /// <param name="configure">Replaces services.</param>
    /// <param name="backend">Further members of the backend, in flow style.</param>
    public static async Task<LimitedRouter> StartAsync(
        string key = "", string model = "", string rest = "", Func<UpstreamCall, Task>? script = null,
        Action<IServiceCollection>? configure = null, string backend = "")
    {
        var upstream = await ScriptedUpstream.StartAsync(script ?? (call => call.JsonAsync(Answer)));
        var router = await RunningRouter.StartAsync(Yaml(upstream, key, model, rest, backend), configure);
        router.Http.DefaultRequestHeaders.Add("Authorization", "Bearer " + Secret);
        return new LimitedRouter(upstream, router);
    }

    /// <summary>The document.</summary>
    public static string Yaml(
        ScriptedUpstream upstream, string key = "", string model = "", string rest = "", string backend = "") =>
        $$"""
        backends:
          upstream: { url: "{{upstream.Url}}"{{Rest(backend)}} }
        models:
          public-model: { targets: [ { backend: upstream, model: backend-model } ]{{Rest(model)}} }
        keys:
          - { name: team, hash: "{{TestConfigs.HashOf(Secret)}}"{{Rest(key)}} }
          - { name: other, hash: "{{TestConfigs.HashOf("sk-air-other")}}" }
        {{rest}}
        """;

    /// <summary>A chat request.</summary>
    public static string Chat(string members = "", string content = "hi") =>
        $$"""{"model":"public-model","messages":[{"role":"user","content":{{JsonSerializer.Serialize(content)}}}]{{Rest(members)}}}""";

    /// <summary>Posts a chat request.</summary>
    public Task<HttpResponseMessage> ChatAsync(string members = "", string content = "hi") =>
        Router.PostAsync("chat/completions", Chat(members, content));

    /// <summary>Posts one that must be answered.</summary>
    public async Task<HttpResponseMessage> GoodAsync(string members = "", string content = "hi")
    {
        var response = await ChatAsync(members, content);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, body);
        return response;
    }

    /// <summary>Reads an error.</summary>
    public static async Task<(string Message, string Type, string Code)> ErrorAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var error = JsonDocument.Parse(body).RootElement.GetProperty("error");
        Assert.Equal(JsonValueKind.Null, error.GetProperty("param").ValueKind);
        return (error.GetProperty("message").GetString()!, error.GetProperty("type").GetString()!, error.GetProperty("code").GetString()!);
    }

    /// <summary>How the key stands.</summary>
    public Task<LimitStanding> StandingAsync(long? tokens = null, decimal? usd = null) =>
        StandingAsync(Ledger, tokens, usd);

    /// <summary>How the key stands in a ledger.</summary>
    public static async Task<LimitStanding> StandingAsync(
        ILimitLedger ledger, long? tokens = null, decimal? usd = null, BudgetPeriod per = BudgetPeriod.Month)
    {
        var subject = new LimitSubject(
            "key:file:team",
            new LimitsConfig { RequestsPerMinute = 1_000_000, TokensPerMinute = tokens ?? 1_000_000_000, Concurrent = 1_000_000 },
            usd is null ? null : new BudgetConfig { Usd = usd.Value, Per = per });
        return (await ledger.ReadAsync([subject], TestContext.Current.CancellationToken))[0];
    }

    /// <summary>Sends a body of a declared length that never comes; gives back the status line and headers of the answer.</summary>
    public async Task<RawResponse> PostHeadersOnlyAsync(long length)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        using var client = new TcpClient();
        await client.ConnectAsync(Router.Root.Host, Router.Root.Port, deadline.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {Secret}\r\n" +
                $"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"),
            deadline.Token);

        // Not to the end of the connection: the server keeps it a while for the rest of the body.
        using var received = new MemoryStream();
        var buffer = new byte[4096];
        while (received.ToArray() is var so && (so.AsSpan().IndexOf("\r\n\r\n"u8) < 0 || !RawResponse.Parse(so, false).IsWhole))
        {
            received.Write(buffer, 0, await stream.ReadAsync(buffer, deadline.Token));
        }

        return RawResponse.Parse(received.ToArray(), wasReset: false);
    }

    public async ValueTask DisposeAsync()
    {
        await Router.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    private static string Rest(string members) => members.Length == 0 ? "" : ", " + members;
}
