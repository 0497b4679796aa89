using System.Diagnostics;
using System.Text.Json;
using AiRouter.Benchmarks.Processes;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Telemetry.Metrics;

/// <summary>A real Prometheus of the test's own, which scrapes one router. A test that needs one is skipped where none is installed.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-prometheus-");
    private readonly HttpClient _http;
    private Process? _process;

    private PrometheusServer(int port) => _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts one and waits until it has scraped the router three times, or says why it cannot.</summary>
    public static async Task<PrometheusServer> StartAsync(string address)
    {
        var port = LoopbackPort.Free();
        var server = new PrometheusServer(port);
        try
        {
            await server.LaunchAsync(port, address);
            await Eventually.HoldsAsync(() => server.AnswersAsync("-/ready"));
            await Eventually.HoldsAsync(async () =>
                await server.AskAsync("count_over_time(airouter_requests_active[1m]) >= 3") > 0 || await server.FailsAsync());
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many series the answer to a query has; the test fails when it is no query.</summary>
    public Task<int> CountAsync(string query) => AskAsync(query);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private async Task LaunchAsync(int port, string address)
    {
        var file = Path.Combine(_folder.FullName, "prometheus.yml");
        await File.WriteAllTextAsync(
            file,
            $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
              - { job_name: airouter, static_configs: [ { targets: [ "{{address}}" ] } ] }
            """,
            Token);
        _process = ScrapeTests.Start(
            "prometheus", $"--config.file={file}", $"--storage.tsdb.path={Path.Combine(_folder.FullName, "data")}",
            $"--web.listen-address=127.0.0.1:{port}", "--log.level=error");
        _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    private async Task<bool> AnswersAsync(string path)
    {
        try
        {
            using var response = await _http.GetAsync(path, Token);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            Assert.False(_process!.HasExited, "prometheus ended at once.");
            return false;
        }
    }

    private async Task<int> AskAsync(string query)
    {
        using var response = await _http.GetAsync($"api/v1/query?query={Uri.EscapeDataString(query)}", Token);
        var body = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, $"{query}: {body}");
        return JsonDocument.Parse(body).RootElement.GetProperty("data").GetProperty("result").GetArrayLength();
    }

    // A scrape that it cannot read is never repeated with another end; one that took too long is.
    private async Task<bool> FailsAsync()
    {
        var targets = JsonDocument.Parse(await _http.GetStringAsync("api/v1/targets", Token)).RootElement
            .GetProperty("data").GetProperty("activeTargets");
        foreach (var target in targets.EnumerateArray())
        {
            var error = target.GetProperty("lastError").GetString();
            Assert.True(string.IsNullOrEmpty(error) || error.Contains("deadline", StringComparison.Ordinal), $"The scrape failed: {error}");
        }

        return false;
    }
}
