using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using AiRouter.AppHost.Processes;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.AppHost;

/// <summary>The AppHost with the real simulator and the real router, as processes.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task Interrupt_lets_a_stream_end_stops_everything_and_is_no_failure()
    {
        await using var host = await RunningAppHost.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Options.Port}") };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new
            {
                model = "chat",
                stream = true,
                messages = new[] { new { role = "user", content = "[[tokens:8]][[delay:100]]" } },
            }),
        };
        using var response = await client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        await host.SignalAsync("INT");

        var stream = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith("data: [DONE]\n\n", stream, StringComparison.Ordinal);
        Assert.True(await host.EndAsync() == 0, host.Output);
        Assert.Contains("SIMULATED at http://127.0.0.1:", host.Output, StringComparison.Ordinal);
        await host.NothingListensAsync();
    }

    [Fact]
    public async Task Admin_that_was_announced_makes_a_key_that_the_router_asks_for_from_then_on()
    {
        await using var host = await RunningAppHost.StartAsync();
        using var admin = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Options.AdminPort}") };
        admin.DefaultRequestHeaders.Authorization = new("Bearer", RunningAppHost.AdminKey);
        using var api = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Options.Port}") };

        using var made = await admin.PostAsJsonAsync("/api/v1/keys", new { name = "me" }, TestContext.Current.CancellationToken);
        Assert.True(made.StatusCode == HttpStatusCode.Created, await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var key = (await made.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("key").GetString();

        await Eventually.HoldsAsync(async () =>
        {
            using var refused = await api.GetAsync("/v1/models", TestContext.Current.CancellationToken);
            return refused.StatusCode == HttpStatusCode.Unauthorized;
        });
        api.DefaultRequestHeaders.Authorization = new("Bearer", key);
        using var models = await api.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, models.StatusCode);
    }

    [Fact]
    public async Task Lines_of_the_announcement_work_when_they_are_pasted()
    {
        await using var host = await RunningAppHost.StartAsync();
        await Eventually.HoldsAsync(() => host.Output.Contains("Ctrl-C stops", StringComparison.Ordinal));
        var lines = host.Output[host.Output.IndexOf("Try it:", StringComparison.Ordinal)..];

        var answer = await PasteAsync(Line("/v1/chat/completions"));
        Assert.EndsWith("data: [DONE]", answer.TrimEnd(), StringComparison.Ordinal);
        var key = await PasteAsync(Line("/api/v1/keys"));
        Assert.Contains("\"key\":\"", key, StringComparison.Ordinal);

        // A line that is continued after a backslash.
        string Line(string path)
        {
            var start = lines.LastIndexOf("curl", lines.IndexOf(path, StringComparison.Ordinal), StringComparison.Ordinal);
            return lines[start..lines.IndexOf(Environment.NewLine + Environment.NewLine, start, StringComparison.Ordinal)];
        }
    }

    [Fact]
    public async Task Killed_runner_leaves_nothing_running()
    {
        await using var host = await RunningAppHost.StartAsync();

        await host.SignalAsync("KILL");

        Assert.Equal(128 + 9, await host.EndAsync());
        await host.NothingListensAsync();
    }

    [Fact]
    public async Task Port_in_use_ends_the_run_with_one_sentence()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var start = BuiltProject.StartInfo("AiRouter.AppHost", "--triton", "http://127.0.0.1:1", "--redis", "x:1", "--port", $"{port}");
        using var run = Process.Start(start)!;

        var error = await run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"AiRouter: api cannot start: port {port} is in use (choose another with --port N)", error.Trim());
    }

    private static async Task<string> PasteAsync(string line)
    {
        var start = new ProcessStartInfo("bash", ["-c", line]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["AIROUTER_ADMIN_KEY"] = RunningAppHost.AdminKey;
        using var shell = Process.Start(start)!;
        var output = shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(shell.ExitCode == 0, $"{line}\n{error}");
        return await output;
    }
}
