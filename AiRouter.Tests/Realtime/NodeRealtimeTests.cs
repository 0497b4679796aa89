using System.Diagnostics;
using System.Text.Json;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Repository;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Realtime;

/// <summary>A session with OpenAI's client for Node (<c>Clients/node/realtime.mjs</c>), over TLS on both sides of the router.</summary>
public sealed class NodeRealtimeTests
{
    private const string OurKey = "sk-air-client-of-ours";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Openai_for_node_has_a_session()
    {
        var folder = Path.Combine(Checkout.Root, "AiRouter.Tests", "Clients", "node");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(folder, "node_modules")), $"Run 'npm ci' in {folder} (airouter.sh test does).");
        using var certificate = new LocalhostCertificate();
        await using var backend = await RealtimeBackend.StartAsync(AnswerAsync);
        await using var router = await RealtimeClient.RouterAsync(
            backend, c => c with { Keys = [TestConfigs.Key("k", OurKey)] }, "env:AIROUTER_SECRET_BACKEND",
            s => s.Configure<KestrelServerOptions>(k => k.ConfigureEndpointDefaults(l => l.UseHttps(certificate.Certificate))));

        var (exitCode, lines, errors) = await RunAsync(folder, new Uri($"https://localhost:{router.Root.Port}/v1"), certificate.File);

        Assert.True(exitCode == 0, string.Join('\n', lines) + errors);
        Assert.Equal(
            ["session.created", "session.updated", "response.done", "closed"], lines.Select(l => l.GetProperty("type").GetString()));
        Assert.All(lines.Take(2), l => Assert.Equal("public-model", l.GetProperty("session").GetProperty("model").GetString()));
        Assert.Equal((1000, "realtime"), (lines[3].GetProperty("code").GetInt32(), lines[3].GetProperty("protocol").GetString()));
        Assert.Equal("Bearer " + FixedConfiguration.BackendSecret, backend.Request.Header("Authorization"));
        Assert.Equal("realtime", backend.Request.Header("Sec-WebSocket-Protocol"));
        Assert.DoesNotContain(backend.Request.Headers.Values, v => v.Contains(OurKey, StringComparison.Ordinal));
    }

    /// <summary>As OpenAI's server begins, and answers.</summary>
    private static async Task AnswerAsync(SocketEnd end)
    {
        await end.SendAsync("""{"type":"session.created","session":{"type":"realtime","model":"backend-model"}}""");
        var update = await end.ReceiveEventAsync();
        Assert.Equal("backend-model", update.GetProperty("session").GetProperty("model").GetString());
        await end.SendAsync("""{"type":"session.updated","session":{"type":"realtime","model":"backend-model"}}""");
        Assert.Equal("response.create", (await end.ReceiveEventAsync()).GetProperty("type").GetString());
        await end.SendAsync("""{"type":"response.done","response":{"usage":{"input_tokens":2,"output_tokens":1}}}""");
        await end.ReceiveCloseAsync();
        await end.AnswerCloseAsync();
    }

    private static async Task<(int ExitCode, List<JsonElement> Lines, string Errors)> RunAsync(string folder, Uri url, string authorities)
    {
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = folder,
            ArgumentList = { "--experimental-websocket", "realtime.mjs" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ROUTER_URL"] = url.ToString(),
                ["ROUTER_KEY"] = OurKey,
                ["NODE_EXTRA_CA_CERTS"] = authorities,
            },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("node does not start");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            var output = await process.StandardOutput.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (
                process.ExitCode,
                [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)],
                await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
