using System.Diagnostics;
using System.Text.Json;
using AiRouter.Tests.Repository;

namespace AiRouter.Tests.Sockets.Turns;

/// <summary>Responses over a WebSocket with OpenAI's client for Node (<c>Clients/dialects/sockets.mjs</c>).</summary>
public sealed class NodeTurnTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Openai_for_node_has_turns_and_reads_an_error()
    {
        var folder = Path.Combine(Checkout.Root, "AiRouter.Tests", "Clients", "dialects");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(folder, "node_modules", "ws")), $"Run 'npm ci' in {folder} (airouter.sh test does).");
        await using var backend = await TurnBackend.StartAsync();
        await using var router = await TurnClient.RouterAsync(backend, TurnClient.Keyed);

        var (exitCode, lines, errors) = await RunAsync(folder, new Uri(router.Root, "/v1"));

        Assert.True(exitCode == 0, string.Join('\n', lines) + errors);
        string[] response = ["response.created", "response.output_text.delta", "response.completed"];
        Assert.Equal([.. response, .. response, "error", "closed"], lines.Select(TurnClient.TypeOf));
        Assert.All(
            lines.Where(l => l.TryGetProperty("response", out _)),
            l => Assert.Equal("public-model", l.GetProperty("response").GetProperty("model").GetString()));
        Assert.Equal(404, lines[6].GetProperty("status").GetInt32());
        Assert.Equal("model_not_found", lines[6].GetProperty("code").GetString());
        Assert.Equal(1000, lines[7].GetProperty("code").GetInt32());
        Assert.Equal("resp_1", backend.Asked.Last().GetProperty("previous_response_id").GetString());
        Assert.Single(backend.Socket.Requests);
    }

    private static async Task<(int ExitCode, List<JsonElement> Lines, string Errors)> RunAsync(string folder, Uri url)
    {
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = folder,
            ArgumentList = { "sockets.mjs" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ROUTER_URL"] = url.ToString(), ["ROUTER_KEY"] = TurnClient.OurKey },
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
