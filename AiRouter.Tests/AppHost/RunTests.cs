using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using AiRouter.AppHost.Processes;

namespace AiRouter.Tests.AppHost;

/// <summary>The AppHost with the real simulator and the real router, as processes.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task Interrupt_lets_a_stream_end_stops_everything_and_is_no_failure()
    {
        await using var host = await RunningAppHost.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Port}") };
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
        var start = BuiltProject.StartInfo("AiRouter.AppHost", "--triton", "http://127.0.0.1:1", "--port", $"{port}");
        using var run = Process.Start(start)!;

        var error = await run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"AiRouter: api cannot start: port {port} is in use (choose another with --port N)", error.Trim());
    }
}
